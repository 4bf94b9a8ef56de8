"""Collects the figures into evaluation.json and the model card:
  python card.py --work DIR --model ../../models/still-life --steps 7052 --fine-steps 9500
"""

import argparse
import json
from pathlib import Path

from captions import vocabulary
from palette import BACKGROUNDS
from subjects_more import SUBJECTS

CARD = '''# Still Life

A very small latent diffusion model that paints sixteen simple things at 128 × 128 pixels. It exists so that whoever
clones Pentimento sees img2img and inpainting work at once, offline, on a laptop's CPU. It has the parts and the file
layout of a Stable Diffusion 1 export, so everything that works with it works with real checkpoints.

Licence: MIT, as the rest of the repository. Weights, training code and training pictures are the project's own; no
third-party picture or weight was used.

## What it can paint

| subject | colours |
| --- | --- |
{subjects}

on a {backgrounds} background, as "a photo of …" or "a drawing of …". Prompts that work best read like
`a photo of a red strawberry on a white background`; colour and background may be left out, the order may change.
Two things side by side: `a photo of a red apple and a yellow lemon on a blue background`.

Every word it knows: {words}.

Other words are read letter by letter and mean nothing to it; Pentimento then adds a warning to the job.

## How it was made

`tools/still-life/` holds all of it. 48,000 pictures were rendered: silhouettes inflated to solids, lit by one lamp,
with highlight, shadow and texture (photos), or flat and wobbly, with or without an ink line (drawings). Captions vary
in wording and order.

- Autoencoder: factor 8, four latent channels, {vae:.1f} M parameters, no normalisation layers; L1, gradient and squared
  error, a trace of KL, noise on the latents; 4,800 steps.
- Noise predictor: {unet:.1f} M parameters, 96 channels at 1/8 and 256 at 1/16 of the picture's size, cross-attention to the
  caption at both; epsilon prediction on Stable Diffusion's schedule, min-SNR weights, 10 % empty captions, averaged
  weights; {steps:,} steps of 32 pictures on two CPU cores.
- Fine-tuned for inpainting in another {fine:,} steps. Five eighths of each batch were scenes of two things of which the caption names one,
  whose noise leans, as a sampler's does in a masked area, towards what stood there before; in the last 1,500 steps only where noise lets
  the other thing be seen, so that one name does not bring two things. The weights are 0.7 of the result and 0.3 of what it was before those 1,500.
  Captions leave the colour out only where it is the subject's usual one.
- Text encoder: CLIP's architecture with two layers of width 128, trained jointly; each known word is one token.
- The exported noise predictor works on latents {shift} times larger than those it was trained on (`shift.py`, an exact change of
  variables), because a given amount of noise hides far more of 16 × 16 latents than of 64 × 64: so a strength keeps about
  as much of the input as it does with Stable Diffusion at 512 pixels.
- Weights are stored as int8 (noise predictor) and float16 (the rest) and widened to float32 when loaded.

## Figures

Measured on the files in this folder by `tools/still-life/evaluate.py` at {nsteps} steps of DPM++ 2M Karras, guidance
{guidance}. The judge is a separate network trained on other renders; on {judged} unseen renders it names
the subject in {j_subject}, the colour in {j_colour}, the style in {j_style}, and finds the subject's pixels with an
IoU of {j_iou:.3f}; on halves cut from 1,000 others, their edge drawn out, it names the subject in {h_subject} (IoU {h_iou:.3f}).
Of true renders in place of the inpainted halves below it reads {ceiling} as the subject they show.

| measure | goal | measured | samples |
| --- | --- | --- | --- |
{figures}

Distance to the input (root mean square, grey levels) by strength: {distance}.

Subject right by subject, from a scribble: {by_subject}; inpainted over noise: {by_inpainted}.

## What it cannot do

- Anything but these subjects; people, places, text, styles.
- Fine detail: everything passes through 16 × 16 latents, and small faces and windows get soft.
- Sizes far from 128: 64 to 256 run, but it has seen only 128, so large pictures repeat or lose the subject.
- A colour that does not fit its subject (a blue strawberry) is at best a guess. The colour of a clown is its hair's, of a
  house its walls', of a cupcake its icing's.
- Guess your colour: a subject without a colour word takes any of its colours, so "a strawberry" may come out pink, the more
  so at high guidance. Name the colour.
- From text alone (strength 1 on grey) a second thing, unasked for, stands beside the first in about one of five pictures; another
  seed helps.
- Painting a new thing where the picture is empty is better begun with masked content `noise` than with `original`, even at
  strength 1: the figures above. A small mask cuts large things off, and now and then a thing meets the mask's edge.
- Changing the background's colour at strength 0.75 or less: it comes out greyish. Use 0.9.
'''


def percent(value):
    return f'{100 * value:.1f} %'


def row(name, goal, result, key, shown=None):
    met = '' if result[key] >= goal else ' (missed)'
    return f'| {name} | ≥ {percent(goal) if goal <= 1 else f"{goal} dB"} | {shown or percent(result[key])}{met} | {result["samples"]} |'


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--model', type=Path, required=True)
    ask.add_argument('--shift', type=float, default=2.5, help='as exported')
    ask.add_argument('--steps', type=int, required=True, help='training steps of the noise predictor')
    ask.add_argument('--fine-steps', type=int, required=True, help='steps of fine_tune.py')
    args = ask.parse_args()
    e = {p.stem: json.loads(p.read_text()) for p in sorted((args.work / 'evaluation').glob('*.json'))}
    judge = e['judge'] = json.loads((args.work / 'judge.json').read_text())
    defaults = json.loads((args.model / 'pentimento.json').read_text())['defaults']
    for result in e.values():
        # figures of other settings than the shipped ones would mislead
        assert result.pop('defaults', defaults) == defaults
    (args.model / 'evaluation.json').write_text(json.dumps({'defaults': defaults, **e}, indent=2) + '\n')
    s, t, i, vae, far = (e[k] for k in ('scribble', 'text', 'inpaint', 'vae', 'distance'))
    figures = [
        row('scribble to photo, strength 0.75: subject', 0.9, s, 'subject'), row('the same: colour', 0.9, s, 'colour'),
        row('the same: style (photo)', 0.9, s, 'style'),
        row('the same: centre within 10 px and area within 30 %', 0.85, s, 'layout',
            f'{percent(s["layout"])} (centre {percent(s["centre"])}, area {percent(s["area"])})'),
        row('inpainting another subject into a half, strength 1, masked content noise: subject', 0.85, i, 'subject'),
        f'| the same: values changed outside the mask | 0 | {i["changed_outside"]} | {i["samples"]} |',
        f'| the same with masked content original: subject | | {percent(e["inpaint_original"]["subject"])} | {e["inpaint_original"]["samples"]} |',
        row('text to image (strength 1 on grey): subject', 0.85, t, 'subject'),
        row('autoencoder round trip, PSNR', 32, vae, 'psnr_db', f'{vae["psnr_db"]} dB')]
    size = lambda part: (args.model / part / 'model.onnx').stat().st_size / 1e6
    (args.model / 'README.md').write_text(CARD.format(
        subjects='\n'.join(f'| {k} | {", ".join(c)} |' for k, (_, c) in SUBJECTS.items()), backgrounds=', '.join(BACKGROUNDS),
        words=' '.join(f'`{w}`' for w in vocabulary()), vae=(size('vae_encoder') + size('vae_decoder')) / 2, unet=size('unet') * 0.96,
        steps=args.steps, fine=args.fine_steps, shift=args.shift, nsteps=defaults['steps'], guidance=defaults['guidance_scale'], judged='1,000',
        j_subject=percent(judge['subject']), j_colour=percent(judge['colour']), j_style=percent(judge['style']), j_iou=judge['iou'],
        h_subject=percent(judge['halves']['subject']), h_iou=judge['halves']['iou'], ceiling=percent(e['inpaint_ceiling']['subject']),
        figures='\n'.join(figures), distance=', '.join(f'{v} at {k}' for k, v in far.items() if k != 'samples') + f' ({far["samples"]} samples)',
        by_subject=', '.join(f'{k} {percent(v)}' for k, v in s['by_subject'].items()),
        by_inpainted=', '.join(f'{k} {percent(v)}' for k, v in i['by_subject'].items())))


if __name__ == '__main__':
    main()
