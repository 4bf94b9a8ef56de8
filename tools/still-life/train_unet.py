"""Trains noise predictor and text encoder together:  python train_unet.py --work DIR [--steps 9000]

Needs what dataset.py and train_vae.py wrote; writes DIR/unet.pt and DIR/tokenizer/.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from captions import caption
from loop import train
from peers import run
from text import text_encoder
from tokenizer import load_tokenizer, write_tokenizer
from unet import UNet

BATCH, STEPS = 16, 1000  # pictures a step in each process; timesteps


def alphas():
    """Cumulative alphas of Stable Diffusion's schedule: scaled linear, 0.00085 to 0.012, 1000 steps."""
    return torch.cumprod(1 - torch.linspace(0.00085 ** 0.5, 0.012 ** 0.5, STEPS, dtype=torch.float64) ** 2, 0).float()


class Painter(nn.Module):
    def __init__(self, tokens):
        super().__init__()
        self.text, self.unet = text_encoder(tokens), UNet()

    def forward(self, x, t, ids):
        return self.unet(x, t, self.text(input_ids=ids).last_hidden_state)


class Pictures:
    """The encoded pictures with their captions, and the loss on them."""

    def __init__(self, work):
        self.latents = torch.from_numpy(np.load(work / 'latents.npy'))
        self.scale = json.loads((work / 'vae.json').read_text())['scaling_factor']
        self.scenes = json.loads((work / 'scenes.json').read_text())
        self.tokenize = load_tokenizer(work / 'tokenizer')
        self.alpha = alphas()
        # min-SNR weighting (Hang et al. 2023): the easy, little noised steps count less
        snr = self.alpha / (1 - self.alpha)
        self.sigmas, self.weights = snr.rsqrt(), snr.clamp(max=5) / snr

    def draw(self, rng, count):
        chosen = rng.integers(len(self.scenes), size=count)
        return self.latents[chosen].float() * self.scale, [unless_empty(caption(self.scenes[i], rng), rng) for i in chosen]

    def loss(self, model, x, t, noise, words):
        a = self.alpha[t][:, None, None, None]
        noisy = (a.sqrt() * x + (1 - a).sqrt() * noise).contiguous(memory_format=torch.channels_last)
        with torch.autocast('cpu', torch.bfloat16):
            guess = model(noisy, t, self.tokenize(words))
        error = (guess.float() - noise).square().mean((1, 2, 3))
        return (self.weights[t] * error).mean()


def unless_empty(words, rng):
    """One in ten captions is empty, which classifier-free guidance needs (Ho and Salimans 2022)."""
    return '' if rng.random() < 0.1 else words


def spread(peers):
    """One timestep from each 32nd of the schedule, in any order, so that no step sees only easy ones."""
    return ((torch.randperm(BATCH) * peers.count + peers.rank + torch.rand(BATCH)) / (BATCH * peers.count) * STEPS).long()


def work(args, peers):
    torch.set_num_threads(1)
    torch.manual_seed(0)
    pictures = Pictures(args.work)

    def loss_of(model, step):
        x, words = pictures.draw(np.random.default_rng([5, step, peers.rank]), BATCH)
        return pictures.loss(model, x, spread(peers), torch.randn_like(x), words)

    painter = Painter(args.tokens).to(memory_format=torch.channels_last)
    if args.compile:
        painter.unet.compile()
    train('unet', painter, loss_of, args.work, args.steps, args.rate, ema_decay=0.999, peers=peers)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--steps', type=int, default=9000)
    ask.add_argument('--rate', type=float, default=1.1e-3)
    ask.add_argument('--processes', type=int, default=2)
    ask.add_argument('--compile', action='store_true', help='a tenth faster; needs a C++ compiler')
    args = ask.parse_args()
    args.tokens = write_tokenizer(args.work / 'tokenizer')
    numbers = sum(p.numel() for p in Painter(args.tokens).parameters())
    run(work, args, args.processes, numbers)


if __name__ == '__main__':
    main()
