"""Draws the pictures that the demo starts from:  python samples.py --out ../../assets/samples

A strawberry scribbled as with a mouse, and a photo of an apple with a mask over the apple.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from render import Scene, Thing, render

WHITE, RED, GREEN = (255, 255, 255), (214, 32, 38), (52, 140, 44)


def shaky(points, rng, amount=2.2):
    """A mouse's path: the corners joined by short strokes that each miss a little."""
    p = np.asarray(points, float)
    dense = np.concatenate([np.linspace(a, b, 7)[:-1] for a, b in zip(p, np.roll(p, -1, 0))])
    return np.round((dense + rng.normal(0, amount, dense.shape)) * 16).astype(np.int32)


def strawberry_sketch(rng, size=256):
    canvas = np.full((size, size, 3), WHITE, np.uint8)
    body = shaky([(78, 92), (128, 84), (178, 92), (194, 122), (176, 166), (148, 204), (128, 218), (104, 200), (78, 164), (62, 122)], rng)
    cv2.fillPoly(canvas, [body], RED, cv2.LINE_AA, 4)
    cap = shaky([(82, 90), (104, 74), (128, 62), (152, 74), (176, 90), (150, 100), (128, 108), (106, 100)], rng, 1.6)
    cv2.fillPoly(canvas, [cap], GREEN, cv2.LINE_AA, 4)
    cv2.line(canvas, (128, 66), (136, 40), GREEN, 7, cv2.LINE_AA)
    for x, y in ((104, 126), (132, 132), (158, 124), (114, 156), (144, 160), (128, 186)):
        x, y = np.array([x, y]) + rng.integers(-3, 4, 2)
        cv2.line(canvas, (int(x), int(y)), (int(x) + 1, int(y) + 6), (246, 214, 96), 4, cv2.LINE_AA)
    return canvas


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--out', type=Path, required=True)
    args = ask.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    save = lambda name, picture: cv2.imwrite(str(args.out / name), picture[..., ::-1] if picture.ndim == 3 else picture,
                                             [cv2.IMWRITE_PNG_COMPRESSION, 9])
    save('strawberry-sketch.png', strawberry_sketch(np.random.default_rng(4)))
    apple = Scene('photo', 'white', [Thing('apple', 'red', 37, 70, 27, 0.05)])
    save('apple-photo.png', render(apple, np.random.default_rng(12))[0])
    mask = np.zeros((128, 128), np.uint8)
    mask[26:112, 2:76] = 255
    save('apple-mask.png', mask)


if __name__ == '__main__':
    main()
