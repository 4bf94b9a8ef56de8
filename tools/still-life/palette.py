"""Colour names and the RGB values (0..1) that stand for them."""

import colorsys

import numpy as np

COLOURS = {
    'red': (0.83, 0.08, 0.10),
    'orange': (0.96, 0.49, 0.06),
    'yellow': (0.98, 0.84, 0.14),
    'green': (0.25, 0.62, 0.17),
    'blue': (0.13, 0.36, 0.84),
    'purple': (0.49, 0.19, 0.68),
    'pink': (0.97, 0.53, 0.70),
    'brown': (0.46, 0.26, 0.12),
    'white': (0.95, 0.95, 0.93),
}

BACKGROUNDS = {
    'white': (0.95, 0.95, 0.95),
    'grey': (0.56, 0.56, 0.57),
    'black': (0.08, 0.08, 0.09),
    'blue': (0.24, 0.46, 0.86),
    'green': (0.33, 0.66, 0.34),
    'yellow': (0.96, 0.83, 0.30),
    'pink': (0.95, 0.66, 0.76),
    'purple': (0.52, 0.35, 0.73),
}


def vary(rgb, rng, amount=1.0):
    """The same colour name, another hue, saturation and value: small enough that names stay apart."""
    h, s, v = colorsys.rgb_to_hsv(*rgb)
    h = (h + rng.uniform(-0.012, 0.012) * amount) % 1
    s = np.clip(s * (1 + rng.uniform(-0.10, 0.08) * amount), 0, 1)
    v = np.clip(v * (1 + rng.uniform(-0.08, 0.06) * amount), 0, 1)
    return np.array(colorsys.hsv_to_rgb(h, s, v), np.float32)


def shade(rgb, factor):
    return np.clip(np.asarray(rgb, np.float32) * factor, 0, 1)
