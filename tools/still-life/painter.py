"""Paints with an exported folder through ONNX Runtime, as the product does by default.

DPM++ 2M (Lu et al. 2022) on Karras sigmas (Karras et al. 2022), classifier-free guidance, steps counted and masks
blended in x0 space as in AUTOMATIC1111's web UI.
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

from tokenizer import load_tokenizer
from train_unet import alphas

SIGMAS = ((1 - alphas()) / alphas()).sqrt().double().numpy()


def karras(steps, rho=7.0):
    low, high = SIGMAS[0] ** (1 / rho), SIGMAS[-1] ** (1 / rho)
    return np.append((high + np.linspace(0, 1, steps) * (low - high)) ** rho, 0.0)


def timestep(sigma):
    return np.interp(np.log(sigma), np.log(SIGMAS), np.arange(len(SIGMAS)))


class Painting:
    """An exported model, loaded; holds the sessions."""

    def __init__(self, folder, threads=1):
        folder = Path(folder)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        load = lambda part: ort.InferenceSession(str(folder / part / 'model.onnx'), options, providers=['CPUExecutionProvider'])
        self.text, self.unet, self.encoder, self.decoder = map(load, ('text_encoder', 'unet', 'vae_encoder', 'vae_decoder'))
        self.scale = json.loads((folder / 'vae_decoder' / 'config.json').read_text())['scaling_factor']
        self.defaults = json.loads((folder / 'pentimento.json').read_text())['defaults']
        self.tokenize = load_tokenizer(folder / 'tokenizer')

    def words(self, prompts):
        return self.text.run(['last_hidden_state'], {'input_ids': self.tokenize(prompts).numpy()})[0]

    def encode(self, pictures):
        """uint8 (n, h, w, 3) to scaled latents (n, 4, h/8, w/8)."""
        x = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1)
        return self.encoder.run(None, {'sample': x})[0][:, :4] * self.scale

    def decode(self, latents):
        y = self.decoder.run(None, {'latent_sample': (latents / self.scale).astype(np.float32)})[0]
        return np.round((y.clip(-1, 1) + 1) * 127.5).astype(np.uint8).transpose(0, 2, 3, 1)

    def denoise(self, x, sigma, conditions, guidance):
        n, scale = len(x), 1 / np.sqrt(sigma * sigma + 1)
        noise = self.unet.run(None, {
            'sample': np.concatenate([x, x]).astype(np.float32) * np.float32(scale),
            'timestep': np.full(2 * n, timestep(sigma), np.float32), 'encoder_hidden_states': conditions})[0]
        return x - sigma * (noise[n:] + guidance * (noise[:n] - noise[n:]))

    def paint(self, pictures, prompts, seeds, strength=0.75, steps=25, guidance=None, masks=None, content='original', negative=''):
        """img2img, or inpainting where `masks` (n, h, w) in 0..1 are given: 1 is repainted, the rest kept exactly.

        `content` noise forgets what was behind the mask; original starts from it, which suits small changes.
        """
        guidance = self.defaults['guidance_scale'] if guidance is None else guidance
        source = self.encode(pictures)
        conditions = np.concatenate([self.words(prompts), self.words([negative] * len(prompts))])
        hole = None
        if masks is not None:
            h, w = source.shape[2:]
            hole = masks.reshape(len(masks), h, 8, w, 8).mean((2, 4)).round()[:, None]
        sigmas = karras(steps)[steps - int(min(strength, 0.999) * steps) - 1:]
        noise = np.stack([torch.randn(source.shape[1:], generator=torch.Generator().manual_seed(s)).numpy() for s in seeds])
        if content == 'noise':
            source = source * (1 - hole) + noise * hole
        x, old = source + noise * sigmas[0], None
        for i in range(len(sigmas) - 1):
            x0 = self.denoise(x, sigmas[i], conditions, guidance)
            if hole is not None:
                x0 = x0 * hole + source * (1 - hole)
            d = x0
            if sigmas[i + 1] == 0:
                x = x0
                break
            h = np.log(sigmas[i] / sigmas[i + 1])
            if old is not None:
                r = np.log(sigmas[i - 1] / sigmas[i]) / h
                d = (1 + 1 / (2 * r)) * x0 - old / (2 * r)
            x, old = sigmas[i + 1] / sigmas[i] * x - np.expm1(-h) * d, x0
        painted = self.decode(x)
        if masks is not None:
            painted = np.where(masks[..., None] > 0, np.round(painted * masks[..., None] + pictures * (1 - masks[..., None])), pictures).astype(np.uint8)
        return painted
