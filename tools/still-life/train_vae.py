"""Trains the autoencoder, then encodes every picture:  python train_vae.py --work DIR [--steps 4000]

Writes DIR/vae.pt, DIR/latents.npy (float16, count x 4 x 16 x 16, unscaled means) and DIR/vae.json (scaling factor, PSNR).
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from loop import averaged, train
from vae import VAE

KL_WEIGHT = 2e-5


def as_input(pictures):
    """uint8 (n, h, w, 3) to float (n, 3, h, w) in -1..1."""
    return (torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(
        memory_format=torch.channels_last)


def batch_at(pictures, step, steps):
    """Crops for most of the time, whole pictures in the last fifth: the same work per step, other variety."""
    rng = np.random.default_rng([3, step])
    if step > 0.8 * steps:
        return as_input(pictures[np.sort(rng.integers(len(pictures), size=8))])
    crops = []
    for i in rng.integers(len(pictures), size=32):
        y, x = rng.integers(0, 65, 2)
        crop = pictures[i, y:y + 64, x:x + 64]
        crops.append(crop[:, ::-1] if rng.random() < 0.5 else crop)
    return as_input(np.stack(crops))


def loss_on(vae, x):
    with torch.autocast('cpu', torch.bfloat16):
        y, kl = vae(x)
    error = y - x
    slope = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
    return error.abs().mean() + 0.5 * slope + 2 * error.square().mean() + KL_WEIGHT * kl


@torch.no_grad()
def encode_all(vae, pictures, out, batch=64):
    latents = np.lib.format.open_memmap(out, 'w+', np.float16, (len(pictures), 4, 16, 16))
    for i in range(0, len(pictures), batch):
        with torch.autocast('cpu', torch.bfloat16):
            latents[i:i + batch] = vae.encoder(as_input(pictures[i:i + batch]))[:, :4].float().numpy()
    latents.flush()
    return latents


@torch.no_grad()
def psnr(vae, pictures):
    """Mean PSNR in dB of the round trip in float32, over 8-bit pictures."""
    values = []
    for picture in pictures:
        x = as_input(picture[None])
        y = vae.decoder(vae.encoder(x)[:, :4]).clamp(-1, 1)
        values.append(10 * np.log10(4 / ((y - x).square().mean().item() + 1e-9)))
    return float(np.mean(values))


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--steps', type=int, default=4000)
    ask.add_argument('--threads', type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    pictures = np.load(args.work / 'pictures.npy', mmap_mode='r')
    held_out, seen = pictures[:256], pictures[256:]
    vae = VAE().to(memory_format=torch.channels_last)
    train('vae', vae, lambda m, step: loss_on(m, batch_at(seen, step, args.steps)), args.work, args.steps, 1.5e-3)
    vae = averaged(args.work, 'vae', VAE())
    latents = encode_all(vae, pictures, args.work / 'latents.npy')
    figures = {'psnr_db': psnr(vae, held_out), 'scaling_factor': float(1 / np.std(latents[:8000].astype(np.float32)))}
    (args.work / 'vae.json').write_text(json.dumps(figures))
    print(figures)


if __name__ == '__main__':
    main()
