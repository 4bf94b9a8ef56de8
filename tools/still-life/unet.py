"""The noise predictor: two resolutions, text through cross-attention, after Rombach et al. 2022 at toy size.

Same signature and meaning as the UNet of Stable Diffusion 1, fewer parts: most of the work stays in convolutions,
which is what two CPU cores do best.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Residual(nn.Module):
    def __init__(self, c_in, c_out, c_time):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(16, c_in), nn.GroupNorm(16, c_out)
        self.conv1, self.conv2 = nn.Conv2d(c_in, c_out, 3, padding=1), nn.Conv2d(c_out, c_out, 3, padding=1)
        self.time = nn.Linear(c_time, 2 * c_out)
        self.skip = nn.Conv2d(c_in, c_out, 1) if c_in != c_out else nn.Identity()
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x, t):
        h = self.conv1(F.silu(self.norm1(x)))
        scale, shift = self.time(t)[:, :, None, None].chunk(2, 1)
        h = self.conv2(F.silu(self.norm2(h) * (1 + scale) + shift))
        return self.skip(x) + h


def attend(q, k, v, heads):
    # written out: at these lengths torch's fused kernel is five times slower in the backward pass on a CPU
    q, k, v = (a.unflatten(-1, (heads, -1)).transpose(1, 2) for a in (q, k, v))
    weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
    return (weights @ v).transpose(1, 2).flatten(2)


class TextAttention(nn.Module):
    """Each place looks at the caption."""

    def __init__(self, c, c_text):
        super().__init__()
        self.heads = c // 32
        self.norm = nn.LayerNorm(c)
        self.q, self.kv, self.out = nn.Linear(c, c), nn.Linear(c_text, 2 * c), nn.Linear(c, c)

    def forward(self, x, text):
        return x + self.out(attend(self.q(self.norm(x)), *self.kv(text).chunk(2, -1), self.heads))


class Transformer(nn.Module):
    """Each place looks at every other place, at the caption, and thinks."""

    def __init__(self, c, c_text):
        super().__init__()
        self.heads = c // 32
        self.norm, self.qkv, self.out = nn.LayerNorm(c), nn.Linear(c, 3 * c), nn.Linear(c, c)
        self.text = TextAttention(c, c_text)
        self.norm_mlp, self.mlp = nn.LayerNorm(c), nn.Sequential(nn.Linear(c, 2 * c), nn.SiLU(), nn.Linear(2 * c, c))
        nn.init.zeros_(self.out.weight), nn.init.zeros_(self.mlp[2].weight)

    def forward(self, x, text):
        x = x + self.out(attend(*self.qkv(self.norm(x)).chunk(3, -1), self.heads))
        x = self.text(x, text)
        return x + self.mlp(self.norm_mlp(x))


class Stage(nn.Module):
    def __init__(self, c_in, c_out, c_time, attention=None):
        super().__init__()
        self.residual, self.attention = Residual(c_in, c_out, c_time), attention

    def forward(self, x, t, text):
        x = self.residual(x, t)
        if self.attention is None:
            return x
        n, c, h, w = x.shape
        flat = self.attention(x.permute(0, 2, 3, 1).reshape(n, h * w, c), text)
        return flat.reshape(n, h, w, c).permute(0, 3, 1, 2)


class UNet(nn.Module):
    """(n, 4, h, w) noisy latents, (n,) timesteps 0..999 and (n, 77, c_text) text states to the noise (n, 4, h, w)."""

    def __init__(self, wide=96, deep=256, c_text=128):
        super().__init__()
        c_time = 4 * wide
        self.frequencies = wide
        self.time = nn.Sequential(nn.Linear(wide, c_time), nn.SiLU(), nn.Linear(c_time, c_time), nn.SiLU())
        self.enter = nn.Conv2d(4, wide, 3, padding=1)
        self.fine_in = nn.ModuleList([Stage(wide, wide, c_time), Stage(wide, wide, c_time, TextAttention(wide, c_text))])
        self.down = nn.Conv2d(wide, deep, 3, stride=2, padding=1)
        self.coarse = nn.ModuleList([Stage(deep, deep, c_time, Transformer(deep, c_text)) for _ in range(4)])
        self.up = nn.Conv2d(deep, wide, 3, padding=1)
        self.fine_out = nn.ModuleList([Stage(2 * wide, wide, c_time, TextAttention(wide, c_text)), Stage(2 * wide, wide, c_time)])
        self.norm = nn.GroupNorm(16, wide)
        self.leave = nn.Conv2d(wide, 4, 3, padding=1)
        nn.init.zeros_(self.leave.weight)

    def embed(self, timestep):
        half = self.frequencies // 2
        steps = torch.arange(half, dtype=torch.float32, device=timestep.device)
        angles = timestep.float()[:, None] * torch.exp(-math.log(10000) * steps / half)[None]
        return self.time(torch.cat([angles.cos(), angles.sin()], 1))

    def forward(self, x, timestep, text):
        t = self.embed(timestep)
        x = self.enter(x)
        skips = []
        for stage in self.fine_in:
            x = stage(x, t, text)
            skips.append(x)
        y = self.down(x)
        for stage in self.coarse:
            y = stage(y, t, text)
        x = x + F.interpolate(self.up(y), size=x.shape[2:], mode='nearest')
        for stage in self.fine_out:
            x = stage(torch.cat([x, skips.pop()], 1), t, text)
        return self.leave(F.silu(self.norm(x)))
