"""The subjects: each function returns its bodies from back to front, for one colour.

A body is one rounded solid: outlines, a colour, marks painted on its surface, and how it takes light.
"""

from dataclasses import dataclass, field

import numpy as np

from palette import shade
from shapes import arc, box, ellipse, leaf, mirror, smooth, stroke

LEAF, STEM, CREAM = (0.22, 0.55, 0.16), (0.40, 0.27, 0.13), (0.95, 0.89, 0.76)
INK, WHITE = (0.08, 0.06, 0.07), (0.97, 0.97, 0.97)


@dataclass
class Body:
    outlines: list
    colour: tuple
    marks: list = field(default_factory=list)  # (outline, colour) painted on the surface
    round: float = 1.0  # 1: inflated like a ball, 0: a flat sheet
    gloss: float = 0.4
    mottle: float = 0.05  # strength of the surface's texture
    extra: bool = False  # a crude drawing may leave it out


def strawberry(c, rng):
    body = smooth(mirror([(0.12, -0.62), (0.62, -0.70), (0.92, -0.28), (0.62, 0.38), (0.26, 0.88), (0.04, 1.0)]))
    seeds = []
    for row, y in enumerate(np.arange(-0.42, 0.85, 0.235)):
        half = 0.76 - 0.62 * max(0.0, y + 0.25)
        for x in np.arange(-0.9 + 0.14 * (row % 2), 0.9, 0.28):
            if abs(x) < half - 0.06:
                seeds.append((ellipse(x, y, 0.036, 0.062, n=10), (0.98, 0.83, 0.42)))
    cap = [leaf(0, -0.68, rng.uniform(0.46, 0.6), a) for a in np.radians([-5, 32, 66, 114, 148, 185])]
    stem = stroke([(0, -0.68), (0.03, -0.85), (0.10, -1.0)], 0.11)
    return [Body([body], c, seeds, 0.9, 0.55, 0.03), Body([stem, *cap], LEAF, [], 0.6, 0.15)]


def apple(c, rng):
    body = smooth(mirror([(0.0, -0.56), (0.42, -0.72), (0.96, -0.54), (1.0, 0.10), (0.78, 0.78), (0.36, 1.0), (0.0, 0.94)]))
    streaks = [(ellipse(x, rng.uniform(-0.3, 0.3), 0.03, 0.4, n=12), shade(c, 1.13)) for x in np.linspace(-0.6, 0.6, 5)]
    stem = stroke([(0, -0.5), (0.04, -0.78), (0.12, -1.0)], 0.10)
    return [Body([body], c, streaks, 1.0, 0.6), Body([stem], STEM, [], 0.8, 0.1),
            Body([leaf(0.08, -0.76, 0.56, -0.45)], LEAF, [], 0.5, 0.2, extra=True)]


def lemon(c, rng):
    body = smooth([(-1.0, 0.06), (-0.84, -0.2), (-0.5, -0.62), (0.1, -0.72), (0.6, -0.52), (0.86, -0.17), (1.0, 0.0),
                   (0.86, 0.2), (0.55, 0.56), (0.0, 0.72), (-0.55, 0.56), (-0.86, 0.22)], 3)
    pits = [(ellipse(*rng.uniform(-0.55, 0.55, 2) * [1.2, 0.8], 0.025, n=8), shade(c, 0.87)) for _ in range(16)]
    return [Body([body], c, pits, 1.0, 0.5)]


def orange(c, rng):
    body = ellipse(0, 0, 0.98, 0.96)
    pits = [(ellipse(*rng.uniform(-0.62, 0.62, 2), 0.028, n=8), shade(c, 0.84)) for _ in range(26)]
    star = [leaf(0, -0.76, 0.24, a, 0.3) for a in np.linspace(0, 2 * np.pi, 6)[:-1]]
    return [Body([body], c, pits, 1.0, 0.35), Body(star, LEAF, [], 0.3, 0.1),
            Body([leaf(0.02, -0.80, 0.62, -0.3), leaf(-0.02, -0.80, 0.5, -2.7)], LEAF, [], 0.5, 0.25, extra=True)]


def pear(c, rng):
    body = smooth(mirror([(0.05, -0.80), (0.30, -0.74), (0.36, -0.30), (0.80, 0.22), (0.78, 0.82), (0.34, 1.0), (0.02, 0.97)]))
    freckles = [(ellipse(*rng.uniform(-0.5, 0.5, 2) + [0, 0.35], 0.028, n=8), shade(c, 0.8)) for _ in range(16)]
    stem = stroke([(0, -0.74), (0.05, -0.9), (0.16, -1.05)], 0.10)
    return [Body([body], c, freckles, 1.0, 0.45), Body([stem], STEM, [], 0.8, 0.1),
            Body([leaf(0.08, -0.86, 0.42, 0.15)], LEAF, [], 0.5, 0.2, extra=True)]


def banana(c, rng):
    outer, inner = arc(0, -0.62, 1.22, 158, 22, 14), arc(0, -0.98, 1.16, 38, 142, 12)
    body = smooth(np.concatenate([outer, inner]), 2)
    line = stroke(arc(0, -0.78, 1.19, 34, 146, 14), 0.05)
    tips = [ellipse(-1.07, -0.17, 0.10, 0.13), ellipse(1.07, -0.17, 0.09, 0.13)]
    spots = [(ellipse(*(arc(0, -0.72, 1.2, a, a, 1)[0]), 0.035, 0.06, n=8), (0.42, 0.28, 0.12)) for a in rng.uniform(45, 135, 4)]
    return [Body([body], c, [(line, shade(c, 0.84)), *spots], 0.8, 0.3), Body(tips, (0.33, 0.22, 0.10), [], 0.8, 0.1)]


def cherry(c, rng):
    dx = rng.uniform(0.42, 0.5)
    stems = [stroke([(-dx, 0.2), (-0.22, -0.45), (0.12, -0.95)], 0.075), stroke([(dx, 0.28), (0.42, -0.35), (0.12, -0.95)], 0.075)]
    return [Body(stems, (0.36, 0.46, 0.16), [], 0.6, 0.1), Body([leaf(0.1, -0.93, 0.62, 0.2)], LEAF, [], 0.5, 0.2, extra=True),
            Body([ellipse(-dx, 0.46, 0.46, 0.46)], c, [], 1.0, 0.9, 0.02), Body([ellipse(dx, 0.54, 0.46, 0.45)], c, [], 1.0, 0.9, 0.02)]


def mushroom(c, rng):
    stem = smooth([(-0.25, -0.1), (0.25, -0.1), (0.25, 0.6), (0.38, 1.0), (-0.38, 1.0), (-0.25, 0.6)], 2)
    cap = smooth([(-1.0, 0.12), (-0.96, -0.45), (-0.5, -0.98), (0.0, -1.05), (0.5, -0.98), (0.96, -0.45), (1.0, 0.12), (0.5, 0.06), (-0.5, 0.06)], 3)
    at = [(0, -0.52, 0.19), (-0.48, -0.36, 0.15), (0.46, -0.34, 0.16), (-0.22, -0.82, 0.10), (0.26, -0.80, 0.09), (-0.78, -0.10, 0.09), (0.78, -0.08, 0.09), (0.02, -0.12, 0.10)]
    spots = [(ellipse(x + rng.uniform(-0.05, 0.05), y, r, r * 0.85, n=20), WHITE) for x, y, r in at]
    return [Body([stem], CREAM, [], 0.9, 0.1), Body([cap], c, spots, 0.9, 0.5)]


def balloon(c, rng):
    string = stroke([(0, 0.52), (0.06, 0.66), (-0.05, 0.80), (0.05, 1.0)], 0.045)
    body = smooth(mirror([(0.0, -1.0), (0.50, -0.98), (0.74, -0.50), (0.60, 0.05), (0.10, 0.44)]))
    knot = np.array([(0, 0.40), (0.11, 0.56), (-0.11, 0.56)])
    return [Body([string], (0.35, 0.33, 0.32), [], 0.2, 0.0, extra=True), Body([knot], shade(c, 0.85), [], 0.5, 0.3), Body([body], c, [], 1.0, 1.0, 0.0)]


def flower(c, rng):
    n, a0 = int(rng.integers(6, 9)), rng.uniform(0, 1)
    heart = (0.45, 0.27, 0.08) if c[0] > 0.9 and c[1] > 0.75 else (0.98, 0.78, 0.12)
    stem = stroke([(0, -0.2), (0.04, 0.4), (0, 1.0)], 0.10)
    petals = [Body([leaf(0.14 * np.cos(a), -0.36 + 0.14 * np.sin(a), 0.52, a, 0.34)], c, [], 0.6, 0.15) for a in a0 + np.arange(n) * 2 * np.pi / n]
    return [Body([stem], LEAF, [], 0.6, 0.1), Body([leaf(0, 0.62, 0.56, -0.5), leaf(0, 0.72, 0.56, -2.6)], LEAF, [], 0.5, 0.2, extra=True),
            *petals, Body([ellipse(0, -0.36, 0.22, 0.22)], heart, [], 0.9, 0.1, 0.15)]
