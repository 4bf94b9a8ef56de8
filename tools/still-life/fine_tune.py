"""Teaches the trained noise predictor to inpaint:  python fine_tune.py --work DIR [--steps 8000]

Five eighths of what it sees are new: scenes with a neighbour, under prompts that name one of the two, as a prompt for inpainting
does. Continues DIR/unet.pt, or --start; writes DIR/neighbours.npy, DIR/neighbours.json and DIR/fine.pt, or --name.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import torch

from captions import caption
from loop import averaged, train
from peers import run
from render import SIZE, Scene, render
from scenes import scene, thing
from tokenizer import write_tokenizer
from train_unet import BATCH, Painter, Pictures, spread, unless_empty
from train_vae import as_input
from vae import VAE

CHUNK = 250
SHIFT = 2.5  # of the exported graphs (shift.py)
FIRST_SIGMA = 5.8  # where strength 1 begins, on latents of the trained scale
REACHED = 0.83  # the share of the timesteps that lies below it; the rest is never asked for


def neighbours(rng):
    """A scene and its three pictures: the first thing with the second beside it, with a third instead, and alone."""
    shown = scene(rng, pairs=1.0)
    while shown.things[0].subject == shown.things[1].subject:
        shown = scene(rng, pairs=1.0)
    if rng.random() < 0.5:
        shown.things.reverse()
    first, second = shown.things
    beside = lambda: thing(rng, None, second.x + rng.uniform(-4, 4), second.y + rng.uniform(-6, 6), rng.uniform(17, 28))
    third = beside()
    while third.subject in (first.subject, second.subject) or third.colour == shown.background:
        third = beside()
    seed = rng.integers(2 ** 32)  # the same light and backdrop, the same first thing
    things = [first, second, third]
    pictures = [render(Scene(shown.style, shown.background, some), np.random.default_rng(seed))[0]
                for some in ([first, second], [first, third], [first])]
    return {**asdict(shown), 'things': [asdict(t) for t in things]}, pictures


def chunk(task):
    work, seed = task
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    rng = np.random.default_rng([9, seed])
    scenes, pictures = zip(*(neighbours(rng) for _ in range(CHUNK)))
    encoder = averaged(work, 'vae', VAE()).encoder
    flat = np.stack(pictures).reshape(-1, SIZE, SIZE, 3)
    with torch.no_grad(), torch.autocast('cpu', torch.bfloat16):
        parts = [encoder(as_input(flat[i:i + 50]))[:, :4].float() for i in range(0, len(flat), 50)]
    return scenes, torch.cat(parts).reshape(CHUNK, 3, 4, SIZE // 8, SIZE // 8).half().numpy()


def prepare(work, count):
    """Renders and encodes `count` scenes once."""
    if (work / 'neighbours.json').exists():
        return
    with ProcessPoolExecutor(2) as pool:
        done = list(pool.map(chunk, [(work, k) for k in range(count // CHUNK)]))
    np.save(work / 'neighbours.npy', np.concatenate([z for _, z in done]))
    (work / 'neighbours.json').write_text(json.dumps([s for scenes, _ in done for s in scenes]))


class Neighbours:
    """Draws (latents, caption, pull): what the picture is, how it is prompted, and what the noise leans towards."""

    def __init__(self, work, scale, seen):
        self.latents = torch.from_numpy(np.load(work / 'neighbours.npy'))
        self.scenes = json.loads((work / 'neighbours.json').read_text())
        self.scale, self.seen = scale, seen

    def draw(self, rng, t, noise):
        i = rng.integers(len(self.scenes))
        shown, (pair, swapped, alone) = self.scenes[i], self.latents[i].float() * self.scale
        first, second, third = shown['things']
        still = torch.zeros_like(pair)
        if rng.random() < 0.2:
            return alone, unless_empty(caption(shown, rng, [first]), rng), still
        if rng.random() < 0.5:
            pair, swapped, second = swapped, pair, third
        if rng.random() < 0.1:
            return pair, '', still
        if rng.random() > (0.75 if t < self.seen else 0.15):
            return pair, caption(shown, rng, [first, second]), still
        # Inpainting begins from noise over what the hole held, or over noise, and not over what is to come: the solver
        # sees the difference, shrinking with sigma, as a lean of the noise. Let the predictor see through it.
        u = rng.random()
        was = noise / SHIFT if u < 0.35 else alone if u < 0.65 else swapped if u < 0.85 else pair
        pull, right = was - pair, second['x'] > 64
        pull[..., :SIZE // 16] *= not right
        pull[..., SIZE // 16:] *= right
        return pair, caption(shown, rng, [second]), pull


def work(args, peers):
    torch.set_num_threads(1)
    pictures = Pictures(args.work)
    pairs = Neighbours(args.work, pictures.scale, args.seen)
    known = BATCH * 3 // 8

    def loss_of(model, step):
        rng, t = np.random.default_rng([6, step, peers.rank]), (spread(peers) * REACHED).long()
        old, words = pictures.draw(rng, known)
        noise = torch.randn(BATCH, *old.shape[1:])
        new, names, pull = zip(*(pairs.draw(rng, k, n) for k, n in zip(t[known:].tolist(), noise[known:])))
        x = torch.cat([old, torch.stack(new)])
        noise[known:] += torch.stack(pull) / pictures.sigmas[t[known:]].clamp(min=FIRST_SIGMA)[:, None, None, None]
        return pictures.loss(model, x, t, noise, words + list(names))

    painter = averaged(args.work, args.start, Painter(args.tokens)).train().requires_grad_(True).to(memory_format=torch.channels_last)
    if args.compile:
        painter.unet.compile()
    train(args.name, painter, loss_of, args.work, args.steps, args.rate, ema_decay=args.ema, peers=peers)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--start', default='unet', help='the checkpoint to continue, without .pt')
    ask.add_argument('--name', default='fine', help='the checkpoint to write, without .pt')
    ask.add_argument('--seen', type=int, default=500,
                     help='the timestep below which the known half can be seen; above it a prompt for one thing shall bring one thing')
    ask.add_argument('--scenes', type=int, default=16000)
    ask.add_argument('--steps', type=int, default=8000)
    ask.add_argument('--rate', type=float, default=1e-3)
    ask.add_argument('--ema', type=float, default=0.995)
    ask.add_argument('--processes', type=int, default=2)
    ask.add_argument('--compile', action='store_true', help='a tenth faster; needs a C++ compiler')
    args = ask.parse_args()
    args.tokens = write_tokenizer(args.work / 'tokenizer')
    prepare(args.work, args.scenes)
    numbers = sum(p.numel() for p in Painter(args.tokens).parameters())
    run(work, args, args.processes, numbers)


if __name__ == '__main__':
    main()
