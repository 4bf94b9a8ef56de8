"""The judge: an independent network that names subject, colour, background, style and finds the subject's pixels.

Train it on its own renders:  python classifier.py --work DIR [--steps 1500]
Writes DIR/judge.pt and DIR/judge.json (its figures on renders that it has not seen).
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from loop import averaged, train
from palette import BACKGROUNDS, COLOURS
from render import render
from scenes import NAMES, scene
from train_vae import as_input

TINTS, GROUNDS, STYLES = list(COLOURS), list(BACKGROUNDS), ['photo', 'drawing']
BATCH = 16


class Judge(nn.Module):
    """Picture (n, 3, h, w) in -1..1 to logits of each head, and a mask logit at half size."""

    def __init__(self):
        super().__init__()
        down = lambda a, b: nn.Sequential(nn.Conv2d(a, b, 3, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(),
                                          nn.Conv2d(b, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU())
        self.enter = down(3, 32)
        self.d1, self.d2, self.d3 = down(32, 64), down(64, 128), down(128, 192)
        self.u2, self.u1, self.u0 = nn.Conv2d(192, 128, 1), nn.Conv2d(128, 64, 1), nn.Conv2d(64, 32, 1)
        self.mask = nn.Sequential(nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 1, 3, padding=1))
        self.heads = nn.ModuleDict({k: nn.Linear(384, n) for k, n in (
            ('subject', len(NAMES)), ('colour', len(TINTS)), ('background', len(GROUNDS)), ('style', 2))})

    def forward(self, x):
        e = self.enter(x)
        a, b = self.d1(e), None
        b = self.d2(a)
        c = self.d3(b)
        grow = lambda f: F.interpolate(f, scale_factor=2, mode='nearest')
        m = self.u0(grow(self.u1(grow(self.u2(grow(c)) + b)) + a)) + e
        pooled = torch.cat([c.mean((2, 3)), c.amax((2, 3))], 1)
        return {k: head(pooled) for k, head in self.heads.items()}, self.mask(m)[:, 0]


def half(picture, right):
    """One half of a picture (128, 128, ...), its inner edge drawn out to the full width."""
    kept = picture[:, 64:] if right else picture[:, :64]
    pads = [(0, 0), (64, 0) if right else (0, 64), (0, 0)]
    return np.pad(kept, pads[:picture.ndim], 'edge')


def sample_half(rng):
    """A half of a render with two subjects."""
    shown = scene(rng, pairs=1.0)
    picture, masks = render(shown, rng)
    side = int(rng.integers(2))
    return half(picture, side), half(masks[side], side), labels_of(shown, shown.things[side])


def sample(rng):
    """A render with one subject of any size."""
    shown = scene(rng, pairs=0.0)
    if rng.random() < 0.3:
        t = shown.things[0]
        t.r = rng.uniform(17, 28)
        t.x, t.y = rng.uniform(t.r, 128 - t.r), rng.uniform(t.r, 128 - t.r)
    picture, masks = render(shown, rng)
    return picture, masks[0], labels_of(shown, shown.things[0])


def labels_of(shown, t):
    return [NAMES.index(t.subject), TINTS.index(t.colour), GROUNDS.index(shown.background), STYLES.index(shown.style)]


def draw_batch(seed, count, draw=sample):
    rng = np.random.default_rng(seed)
    pictures, masks, labels = zip(*(draw(rng) for _ in range(count)))
    return as_input(np.stack(pictures)), torch.from_numpy(np.stack(masks)).float() / 255, torch.tensor(labels)


def loss_of(judge, step):
    x, mask, labels = draw_batch([11, step], BATCH)
    x = x + torch.randn_like(x) * 0.03 * torch.rand(BATCH, 1, 1, 1)  # and a little blur, so that it does not read pixels
    if step % 3 == 0:
        x = F.avg_pool2d(x, 3, 1, 1)
    with torch.autocast('cpu', torch.bfloat16):
        heads, found = judge(x)
    loss = sum(F.cross_entropy(heads[k].float(), labels[:, i]) for i, k in enumerate(heads))
    return loss + 2 * F.binary_cross_entropy_with_logits(found.float(), F.avg_pool2d(mask[:, None], 2)[:, 0])


@torch.no_grad()
def judge_pictures(judge, x):
    """Indices per head (n,) and masks (n, h, w) of bools, for pictures (n, 3, h, w) in -1..1."""
    heads, found = judge(x)
    mask = F.interpolate(found[:, None], scale_factor=2, mode='bilinear')[:, 0] > 0
    return {k: v.argmax(1) for k, v in heads.items()}, mask


def figures(judge, draw=sample, count=1000):
    right, overlap = {k: 0 for k in judge.heads}, []
    for i in range(0, count, 50):
        x, mask, labels = draw_batch([12, i], 50, draw)
        named, found = judge_pictures(judge, x)
        for j, k in enumerate(right):
            right[k] += (named[k] == labels[:, j]).sum().item()
        true = mask > 0.5
        overlap += ((true & found).sum((1, 2)) / (true | found).sum((1, 2)).clamp(min=1)).tolist()
    return {**{k: v / count for k, v in right.items()}, 'iou': float(np.mean(overlap))}


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--steps', type=int, default=1500)
    args = ask.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    judge = Judge().to(memory_format=torch.channels_last)
    train('judge', judge, loss_of, args.work, args.steps, 2e-3, ema_decay=0.99)
    judge = averaged(args.work, 'judge', Judge())
    result = {**figures(judge), 'halves': figures(judge, sample_half)}
    (args.work / 'judge.json').write_text(json.dumps(result))
    print(result)


if __name__ == '__main__':
    main()
