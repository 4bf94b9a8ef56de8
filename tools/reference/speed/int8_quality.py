"""What an int8 UNet costs in quality, against the folder it was made from (quantize.py):

    python int8_quality.py record MODEL calls.npz      calls of the UNet during real paintings, to calibrate with
    python int8_quality.py pictures MODEL OTHER...     peak signal-to-noise ratio of finished pictures
    python int8_quality.py noise MODEL OTHER...        the same of one predicted noise, for weights that paint nothing

`record` and `pictures` paint with Still Life: scribbles that no training saw, DPM++ 2M on Karras sigmas, 25 steps of
guidance 4, at strength 0.75 and 1. Recorded pictures are never compared ones.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnxruntime

sys.path.insert(0, str(Path(__file__).parents[2] / 'still-life'))
SEED, STEPS = 88_000, 25


def scribbles(first, count):
    from render import render
    from scenes import scene
    from captions import article
    for i in range(first, first + count):
        rng = np.random.default_rng([SEED, i])
        shown = scene(rng, 'drawing', pairs=0.0)
        thing = shown.things[0]
        words = f'a photo of {article(thing.colour)} {thing.subject} on {article(shown.background)} background'
        yield render(shown, rng)[0], words


def paint(folder, first, count, strength, listen=None):
    from painter import Painting
    model = Painting(folder, threads=2)
    if listen:
        run = model.unet.run
        model.unet = type('Listening', (), {'run': lambda self, names, feeds: (listen(feeds), run(names, feeds))[1]})()
    pictures, words = zip(*scribbles(first, count))
    seeds = range(SEED + first, SEED + first + count)
    return model.paint(np.stack(pictures), list(words), seeds, strength=strength, steps=STEPS)


def record(folder, target):
    calls = []
    paint(folder, 1000, 6, 1, calls.append)
    np.savez(target, **{name: np.stack([call[name] for call in calls]) for name in calls[0]})
    print(f'{len(calls)} calls of batch {len(calls[0]["sample"])}')


def decibels(mean_square, peak):
    return 10 * np.log10(peak ** 2 / mean_square)


def compare_pictures(folder, others, count):
    for strength in (0.75, 1):
        expected = paint(folder, 0, count, strength).astype(float)
        for other in others:
            error = ((paint(other, 0, count, strength) - expected) ** 2).mean((1, 2, 3))
            each = decibels(np.maximum(error, 1e-9), 255)
            print(f'{other} strength {strength}: {decibels(error.mean(), 255):.1f} dB over all {count}, '
                  f'median {np.median(each):.1f}, {each.min():.1f} to {each.max():.1f}', flush=True)


def compare_noise(folder, others, side):
    rng = np.random.default_rng(1)
    calls = [{'sample': rng.standard_normal((2, 4, side, side)), 't': t, 'encoder_hidden_states': rng.standard_normal((2, 77, 768))}
             for t in (20, 300, 600, 980)]

    def answers(model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(Path(model) / 'unet/model.onnx'), options, providers=['CPUExecutionProvider'])
        kinds = {value.name: value.type for value in session.get_inputs()}
        time_type = np.int64 if kinds['timestep'] == 'tensor(int64)' else np.float32
        return [session.run(None, {
            'sample': call['sample'].astype(np.float32), 'timestep': np.array(call['t'], time_type),
            'encoder_hidden_states': call['encoder_hidden_states'].astype(np.float32)})[0] for call in calls]

    expected = answers(folder)
    for other in others:
        each = [decibels(((found - right) ** 2).mean(), np.abs(right).max()) for found, right in zip(answers(other), expected)]
        # Against the spread of the prediction instead of its peak: what a signal processor calls SNR.
        ratio = [decibels(((found - right) ** 2).mean(), right.std()) for found, right in zip(answers(other), expected)]
        print(f'{other}: PSNR {min(each):.1f} to {max(each):.1f} dB, SNR {min(ratio):.1f} to {max(ratio):.1f} dB', flush=True)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument('what', choices=('record', 'pictures', 'noise'))
    ask.add_argument('model')
    ask.add_argument('others', nargs='+')
    ask.add_argument('--count', type=int, default=24)
    ask.add_argument('--side', type=int, default=32)
    args = ask.parse_args()
    if args.what == 'record':
        record(args.model, args.others[0])
    elif args.what == 'pictures':
        compare_pictures(args.model, args.others, args.count)
    else:
        compare_noise(args.model, args.others, args.side)


if __name__ == '__main__':
    main()
