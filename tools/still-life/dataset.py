"""Renders the training pictures:  python dataset.py --work DIR [--count 48000]

Writes DIR/pictures.npy (uint8, count x 128 x 128 x 3) and DIR/scenes.json (what each picture shows).
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from render import SIZE, render
from scenes import scene

CHUNK = 500


def chunk(seed):
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    pictures, scenes = np.empty((CHUNK, SIZE, SIZE, 3), np.uint8), []
    for i in range(CHUNK):
        shown = scene(rng)
        pictures[i] = render(shown, rng)[0]
        scenes.append(asdict(shown))
    return pictures, scenes


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--count', type=int, default=48000)
    ask.add_argument('--seed', type=int, default=1)
    args = ask.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    chunks = args.count // CHUNK
    shape = (chunks * CHUNK, SIZE, SIZE, 3)
    out = np.lib.format.open_memmap(args.work / 'pictures.npy', 'w+', np.uint8, shape)
    scenes = []
    with ProcessPoolExecutor(2) as pool:
        for i, (pictures, shown) in enumerate(pool.map(chunk, [(args.seed, k) for k in range(chunks)])):
            out[i * CHUNK:(i + 1) * CHUNK] = pictures
            scenes += shown
    out.flush()
    (args.work / 'scenes.json').write_text(json.dumps(scenes))
    print(f'{len(scenes)} pictures')


if __name__ == '__main__':
    main()
