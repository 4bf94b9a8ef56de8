"""Gives `strength` the meaning that it has in Stable Diffusion at 512 pixels.

The same sigma hides far more of a picture of 16 x 16 latents than of 64 x 64, since noise averages out over more of
them (Hoogeboom et al. 2023, "simple diffusion"; Esser et al. 2024, section 5.3.2). The exported model therefore works on
latents that are SHIFT times larger than those it was trained on: a sampler's sigma is sigma / SHIFT to the network, an
exact change of variables that needs no other training.
"""

import torch
from torch import nn

from train_unet import alphas


class Shifted(nn.Module):
    """The UNet for latents of `shift` times the trained scale; same inputs and outputs."""

    def __init__(self, unet, shift):
        super().__init__()
        self.unet, self.shift = unet, shift
        a = alphas().double()
        self.register_buffer('log_sigmas', (0.5 * ((1 - a) / a).log()).float())

    def forward(self, sample, timestep, encoder_hidden_states):
        table = self.log_sigmas
        low = timestep.floor().clamp(0, 998).long()
        sigma = torch.lerp(table[low], table[low + 1], timestep - low).exp()
        inner = sigma / self.shift
        log_inner = inner.log()
        below = ((table[None] < log_inner[:, None]).long().sum(1) - 1).clamp(0, 998)
        inner_step = (below + (log_inner - table[below]) / (table[below + 1] - table[below])).clamp(min=0)
        gain = ((1 + sigma ** 2) / (1 + inner ** 2)).sqrt() / self.shift
        return self.unet(sample * gain[:, None, None, None], inner_step, encoder_hidden_states)
