"""Judges an exported model:  python evaluate.py --work DIR --model ../../models/still-life [--count 500]

Writes DIR/evaluation/MEASURE.json, after every batch, with the number of samples seen so far; card.py collects them.
Every figure comes from the exported graphs, at the shipped defaults.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from captions import article
from classifier import GROUNDS, TINTS, Judge, half, judge_pictures
from loop import averaged
from painter import Painting
from render import render
from scenes import NAMES, scene, thing
from train_vae import as_input

BATCH = 10
SEED = 77_000


def prompt_for(shown, what=None):
    t = what or shown.things[0]
    return f'a photo of {article(t.colour)} {t.subject} on {article(shown.background)} background'


def batches(count):
    for start in range(0, count, BATCH):
        yield range(start, min(start + BATCH, count))


def read(judge, pictures):
    with torch.no_grad():
        return judge_pictures(judge, as_input(pictures))


def right_of(named, head, table, wanted):
    return [table[i] == w for i, w in zip(named[head].tolist(), wanted)]


def rate(values):
    return round(float(np.mean(values)), 4)


def by_subject(seen):
    return {k: rate(v) for k, v in sorted(seen.items())}


def scribbles(indices, subject=None):
    for i in indices:
        rng = np.random.default_rng([SEED, i])
        shown = scene(rng, 'drawing', pairs=0.0)
        picture, masks = render(shown, rng)
        yield shown, picture, masks[0]


def layout(mask):
    ys, xs = np.nonzero(mask)
    return (np.array([xs.mean(), ys.mean()]), len(ys)) if len(ys) else (np.array([-999.0, -999.0]), 0)


def from_scribbles(model, judge, count):
    """The main use: a scribble, a prompt that names it, strength 0.75."""
    seen = {k: [] for k in ('subject', 'colour', 'style', 'background', 'layout', 'centre', 'area')}
    missed = {}
    for indices in batches(count):
        shown, pictures, masks = map(list, zip(*scribbles(indices)))
        painted = model.paint(np.stack(pictures), [prompt_for(s) for s in shown], [SEED + i for i in indices])
        named, found = read(judge, painted)
        subjects = [s.things[0].subject for s in shown]
        good = right_of(named, 'subject', NAMES, subjects)
        for s, ok in zip(subjects, good):
            missed.setdefault(s, []).append(ok)
        seen['subject'] += good
        seen['colour'] += right_of(named, 'colour', TINTS, [s.things[0].colour for s in shown])
        seen['background'] += right_of(named, 'background', GROUNDS, [s.background for s in shown])
        seen['style'] += [i == 0 for i in named['style'].tolist()]
        for mask, area in zip(masks, found.numpy()):
            (c0, n0), (c1, n1) = layout(mask > 127), layout(area)
            seen['centre'].append(np.linalg.norm(c0 - c1) <= 10)
            seen['area'].append(abs(n1 / n0 - 1) <= 0.3)
            seen['layout'].append(seen['centre'][-1] and seen['area'][-1])
        yield {**{k: rate(v) for k, v in seen.items()}, 'samples': len(seen['subject']),
               'by_subject': by_subject(missed)}


def distances(model, count, strengths=(0.3, 0.5, 0.7, 0.9)):
    """Root mean square distance to the input in grey levels, for growing strength."""
    far = {s: [] for s in strengths}
    for indices in batches(count):
        shown, pictures, _ = map(list, zip(*scribbles(indices)))
        source = np.stack(pictures)
        for s in strengths:
            painted = model.paint(source, [prompt_for(x) for x in shown], [SEED + i for i in indices], strength=s)
            far[s] += np.sqrt(np.square(painted.astype(float) - source).mean((1, 2, 3))).tolist()
        yield {**{str(s): round(float(np.mean(v)), 2) for s, v in far.items()}, 'samples': len(far[strengths[0]])}


def neighbour(i):
    """A photo with its subject in one half, and another thing for the other half; whether that is the right one."""
    rng = np.random.default_rng([SEED, 1, i])
    shown = scene(rng, 'photo', pairs=0.0)
    right = i % 2 == 0
    old = shown.things[0]
    shown.things[0] = thing(rng, old.subject, 33 if right else 95, 66, rng.uniform(19, 27))
    shown.things[0].colour = old.colour
    new = thing(rng)
    while new.subject == old.subject or new.colour == shown.background:
        new = thing(rng)
    return shown, new, right, rng


def inpainting(model, judge, count, content):
    """A photo with its subject in one half; another subject is painted into the other half, at strength 1."""
    subject, missed, outside = [], {}, 0
    for indices in batches(count):
        cases = [neighbour(i) for i in indices]
        source = np.stack([render(shown, rng)[0] for shown, _, _, rng in cases])
        masks = np.zeros((len(cases), 128, 128), np.float32)
        for mask, (_, _, right, _) in zip(masks, cases):
            mask[:, 64:] = right
            mask[:, :64] = not right
        prompts = [prompt_for(shown, new) for shown, new, _, _ in cases]
        painted = model.paint(source, prompts, [SEED + i for i in indices], strength=1.0, masks=masks, content=content)
        outside += int((painted != source)[masks == 0].sum())
        judge_halves(judge, painted, cases, subject, missed)
        yield {'subject': rate(subject), 'changed_outside': outside, 'samples': len(subject), 'by_subject': by_subject(missed)}


def judge_halves(judge, pictures, cases, subject, missed):
    named, _ = read(judge, np.stack([half(p, right) for p, (_, _, right, _) in zip(pictures, cases)]))
    wanted = [new.subject for _, new, _, _ in cases]
    good = right_of(named, 'subject', NAMES, wanted)
    for s, ok in zip(wanted, good):
        missed.setdefault(s, []).append(ok)
    subject += good


def ceiling(judge, count):
    """What the judge makes of renders in place of paintings: no model can be read better."""
    subject, missed = [], {}
    for indices in batches(count):
        cases = [neighbour(i) for i in indices]
        for shown, new, right, rng in cases:
            new.x, new.y, new.r = (95 if right else 33) + rng.uniform(-5, 5), 66 + rng.uniform(-18, 18), rng.uniform(17, 28)
            shown.things.append(new)
        judge_halves(judge, [render(shown, rng)[0] for shown, _, _, rng in cases], cases, subject, missed)
        yield {'subject': rate(subject), 'samples': len(subject), 'by_subject': by_subject(missed)}


def from_text(model, judge, count):
    good, style = [], []
    for indices in batches(count):
        shown = [scene(np.random.default_rng([SEED, 2, i]), 'photo', pairs=0.0) for i in indices]
        grey = np.full((len(shown), 128, 128, 3), 128, np.uint8)
        painted = model.paint(grey, [prompt_for(s) for s in shown], [SEED + i for i in indices], strength=1.0)
        named, _ = read(judge, painted)
        good += right_of(named, 'subject', NAMES, [s.things[0].subject for s in shown])
        style += [i == 0 for i in named['style'].tolist()]
        yield {'subject': rate(good), 'style': rate(style), 'samples': len(good)}


def round_trip(model, count):
    """Mean PSNR in dB of encode and decode, over both styles."""
    values = []
    for i in range(count):
        rng = np.random.default_rng([SEED, 3, i])
        picture = render(scene(rng), rng)[0][None]
        error = np.square(model.decode(model.encode(picture)).astype(float) - picture).mean()
        values.append(10 * np.log10(255 ** 2 / max(error, 1e-3)))
        yield {'psnr_db': round(float(np.mean(values)), 2), 'samples': len(values)}


MEASURES = {'scribble': from_scribbles, 'text': from_text, 'inpaint': lambda *a: inpainting(*a, 'noise'),
            'inpaint_original': lambda *a: inpainting(*a, 'original'), 'inpaint_ceiling': lambda model, judge, count: ceiling(judge, count),
            'distance': lambda model, judge, count: distances(model, count), 'vae': lambda model, judge, count: round_trip(model, count)}


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--model', type=Path, required=True)
    ask.add_argument('--count', type=int, default=500)
    ask.add_argument('--measures', nargs='*', default=list(MEASURES), choices=list(MEASURES))
    ask.add_argument('--guidance', type=float, help='other than the shipped one, to choose it')
    args = ask.parse_args()
    torch.set_num_threads(1)
    judge, model = averaged(args.work, 'judge', Judge()), Painting(args.model)
    if args.guidance:
        model.defaults['guidance_scale'] = args.guidance
    out = args.work / 'evaluation'
    out.mkdir(exist_ok=True)
    for name in args.measures:
        for result in MEASURES[name](model, judge, args.count):
            (out / f'{name}.json').write_text(json.dumps({**result, 'defaults': model.defaults}))
        print(name, result, flush=True)


if __name__ == '__main__':
    main()
