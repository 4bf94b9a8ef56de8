"""The autoencoder: factor 8, four latent channels, plain convolutions without normalisation.

Without group norm a colour does not depend on what else is in the picture, sizes other than 128 work alike, and a
step costs half on a CPU. The first and last factor of two are a pixel (un)shuffle (TAESD's residual blocks,
Shi et al. 2016 for the shuffle).
"""

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(c, c, 3, padding=1), nn.Conv2d(c, c, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)  # every block starts as the identity, so that a high rate is stable

    def forward(self, x):
        return x + self.conv2(torch.relu(self.conv1(torch.relu(x))))


class Encoder(nn.Module):
    """(n, 3, h, w) in -1..1 to mean and log variance (n, 8, h/8, w/8)."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.PixelUnshuffle(2), nn.Conv2d(12, 48, 3, padding=1), Block(48),
            nn.Conv2d(48, 96, 4, 2, 1), Block(96), Block(96),
            nn.Conv2d(96, 160, 4, 2, 1), Block(160), Block(160), nn.ReLU(), nn.Conv2d(160, 8, 3, padding=1))

    def forward(self, x):
        return self.net(x)


class Decoder(nn.Module):
    """Latents (n, 4, h, w) to a picture (n, 3, 8h, 8w) in about -1..1."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(4, 160, 3, padding=1), Block(160), Block(160), Block(160),
            nn.Conv2d(160, 96 * 4, 1), nn.PixelShuffle(2), Block(96), Block(96), Block(96),
            nn.Conv2d(96, 48 * 4, 1), nn.PixelShuffle(2), Block(48), Block(48), nn.ReLU(),
            nn.Conv2d(48, 12, 3, padding=1), nn.PixelShuffle(2))

    def forward(self, z):
        return self.net(z)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()

    def forward(self, x):
        mean, logvar = self.encoder(x).float().chunk(2, 1)
        logvar = logvar.clamp(-20, 10)
        # never less than a little noise, so that the decoder forgives the small errors of generated latents
        z = mean + torch.randn_like(mean) * (torch.exp(0.5 * logvar) + 0.05)
        kl = 0.5 * (mean ** 2 + logvar.exp() - 1 - logvar).mean()
        return self.decoder(z).float(), kl
