"""Lays out what the model does:  python contact_sheet.py --model ../../models/still-life --samples ../../assets/samples --out FILE

Rows: a scribble at four strengths and three seeds; inpainting before and after; one picture of every subject.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from captions import article
from painter import Painting
from subjects_more import SUBJECTS

CELL, GAP, LABEL = 256, 8, 26
STRENGTHS = (0.5, 0.65, 0.75, 0.9)


def load(path, size=128):
    return cv2.resize(cv2.imread(str(path))[..., ::-1], (size, size), interpolation=cv2.INTER_AREA)


def cell(picture, label):
    big = cv2.resize(picture, (CELL, CELL), interpolation=cv2.INTER_CUBIC)
    tile = np.full((CELL + LABEL, CELL, 3), 255, np.uint8)
    tile[:CELL] = big
    cv2.putText(tile, label, (2, CELL + 18), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (40, 40, 40), 1, cv2.LINE_AA)
    return tile


def sheet(rows):
    width = max(len(r) for r in rows)
    canvas = np.full(((CELL + LABEL + GAP) * len(rows) + GAP, (CELL + GAP) * width + GAP, 3), 255, np.uint8)
    for y, row in enumerate(rows):
        for x, tile in enumerate(row):
            top, left = GAP + y * (CELL + LABEL + GAP), GAP + x * (CELL + GAP)
            canvas[top:top + CELL + LABEL, left:left + CELL] = tile
    return canvas


def scribble(kind):
    """Crude drawings with the least a mouse needs: a few ellipses and lines."""
    p = np.full((128, 128, 3), 255, np.uint8)
    if kind == 'lemon':
        p[:] = (70, 120, 220)
        cv2.ellipse(p, (66, 66), (35, 27), 0, 0, 360, (240, 212, 40), -1, cv2.LINE_AA)
    elif kind == 'mushroom':
        p[:] = (90, 170, 90)
        cv2.rectangle(p, (54, 66), (76, 106), (230, 220, 200), -1)
        cv2.ellipse(p, (65, 66), (36, 36), 0, 180, 360, (200, 40, 40), -1, cv2.LINE_AA)
    else:
        cv2.ellipse(p, (58, 64), (34, 22), 0, 0, 360, (245, 130, 30), -1, cv2.LINE_AA)
        cv2.fillPoly(p, [np.array([(88, 64), (116, 44), (116, 84)])], (245, 130, 30), cv2.LINE_AA)
        cv2.circle(p, (38, 58), 4, (20, 20, 20), -1, cv2.LINE_AA)
    return p


def strengths_row(model, picture, prompt):
    n = len(STRENGTHS)
    tiles = [cell(picture, 'input')]
    for s in STRENGTHS:
        tiles.append(cell(model.paint(picture[None], [prompt], [1], strength=s)[0], f'strength {s}'))
    for k, p in enumerate(model.paint(np.stack([picture] * 3), [prompt] * 3, [2, 3, 4])):
        tiles.append(cell(p, f'0.75, seed {k + 2}'))
    assert len(tiles) == n + 4
    return tiles


def inpaint_row(model, photo, mask, whats):
    row = [cell(photo, 'photo'), cell(np.repeat(mask[..., None], 3, 2), 'mask')]
    soft = (mask > 127).astype(np.float32)
    prompts = [f'a photo of {article(w)} on a white background' for w in whats]
    n = len(prompts)
    out = model.paint(np.stack([photo] * n), prompts, list(range(5, 5 + n)), strength=1.0, masks=np.stack([soft] * n), content='noise')
    return row + [cell(p, w) for p, w in zip(out, whats)]


def subjects_rows(model):
    tiles, grounds = [], ['white', 'blue', 'grey', 'yellow', 'pink', 'green', 'purple', 'black']
    grey = np.full((1, 128, 128, 3), 128, np.uint8)
    for i, (name, (_, colours)) in enumerate(SUBJECTS.items()):
        colour = colours[i % len(colours)]
        ground = next(g for g in grounds[i % 8:] + grounds if g != colour)
        what = f'{article(colour)} {name}'
        picture = model.paint(grey, [f'a photo of {what} on {article(ground)} background'], [20 + i], strength=1.0)[0]
        tiles.append(cell(picture, f'{what}, {ground}'))
    return [tiles[:8], tiles[8:]]


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--model', type=Path, required=True)
    ask.add_argument('--samples', type=Path, required=True)
    ask.add_argument('--out', type=Path, required=True)
    args = ask.parse_args()
    model = Painting(args.model)
    strawberry = load(args.samples / 'strawberry-sketch.png')
    rows = [strengths_row(model, strawberry, 'a photo of a strawberry'),
            strengths_row(model, scribble('lemon'), 'a photo of a yellow lemon on a blue background'),
            strengths_row(model, scribble('lemon'), 'a photo of a green apple on a yellow background'),
            strengths_row(model, scribble('mushroom'), 'a photo of a red mushroom on a green background'),
            strengths_row(model, scribble('fish'), 'a photo of an orange fish on a white background'),
            inpaint_row(model, load(args.samples / 'apple-photo.png'), load(args.samples / 'apple-mask.png')[..., 0],
                        ['yellow lemon', 'blue balloon', 'pink cupcake', 'red mushroom', 'purple flower', 'green cactus']),
            *subjects_rows(model)]
    cv2.imwrite(str(args.out), sheet(rows)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == '__main__':
    main()
