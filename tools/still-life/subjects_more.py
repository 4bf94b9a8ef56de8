"""The rest of the subjects, and the table of all of them with their fitting colours."""

import numpy as np

from palette import shade
from shapes import arc, box, ellipse, mirror, smooth, stroke
from subjects import (CREAM, INK, WHITE, Body, apple, balloon, banana, cherry, flower, lemon, mushroom, orange, pear,
                      strawberry)


def cactus(c, rng):
    trunk = smooth(mirror([(0.05, -1.0), (0.30, -0.92), (0.31, -0.2), (0.30, 0.5)]), 2)
    arm_l, arm_r = rng.uniform(-0.1, 0.12, 2)
    left = smooth(stroke([(-0.1, 0.16 + arm_l), (-0.52, 0.14 + arm_l), (-0.64, -0.02 + arm_l), (-0.64, -0.45 + arm_l)], 0.27), 2)
    right = smooth(stroke([(0.1, 0.0 + arm_r), (0.50, -0.02 + arm_r), (0.62, -0.18 + arm_r), (0.62, -0.55 + arm_r)], 0.25), 2)
    ribs = [(stroke([(x, -0.85), (x, 0.5)], 0.04), shade(c, 0.72)) for x in (-0.14, 0.02, 0.18)]
    pot = np.array([(-0.52, 0.44), (0.52, 0.44), (0.36, 1.0), (-0.36, 1.0)])
    band = (box(-0.52, 0.44, 0.52, 0.58), (0.62, 0.30, 0.18))
    return [Body([left], c, [], 0.9, 0.1), Body([right], c, [], 0.9, 0.1), Body([trunk], c, ribs, 0.9, 0.1),
            Body([pot], (0.76, 0.40, 0.25), [band], 0.5, 0.1)]


def cupcake(c, rng):
    cup = np.array([(-0.66, 0.10), (0.66, 0.10), (0.46, 1.0), (-0.46, 1.0)])
    pleats = [(np.array([(x - 0.05, 0.1), (x + 0.05, 0.1), (x * 0.7 + 0.035, 1.0), (x * 0.7 - 0.035, 1.0)]), (0.56, 0.37, 0.22))
              for x in np.linspace(-0.5, 0.5, 5)]
    tiers = [Body([ellipse(0, y, rx, 0.27)], c, [], 0.9, 0.3, 0.02) for y, rx in ((0.05, 0.86), (-0.28, 0.64), (-0.58, 0.40))]
    confetti = [(0.9, 0.2, 0.2), (0.2, 0.5, 0.9), (0.98, 0.85, 0.2), (0.3, 0.75, 0.3)]
    for body, w in zip(tiers, (0.66, 0.46, 0.24)):
        y = body.outlines[0][:, 1].mean()
        body.marks = [(ellipse(rng.uniform(-w, w), y + rng.uniform(-0.14, 0.1), 0.045, 0.03, rng.uniform(0, 3), 8), confetti[i % 4]) for i in range(5)]
    return [Body([cup], (0.80, 0.60, 0.38), pleats, 0.4, 0.1), *tiers, Body([ellipse(0, -0.86, 0.17, 0.16)], (0.86, 0.07, 0.12), [], 1.0, 0.9)]


def fish(c, rng):
    side = 1 if rng.random() < 0.5 else -1
    flip = np.array([side, 1.0])
    body = smooth([(-1.0, 0.04), (-0.75, -0.42), (-0.15, -0.62), (0.40, -0.34), (0.66, 0.0), (0.40, 0.36), (-0.15, 0.62), (-0.75, 0.44)], 3)
    tail = smooth([(0.48, 0.0), (1.0, -0.58), (0.92, 0.0), (1.0, 0.58)], 1)
    fins = [smooth([(-0.35, -0.5), (0.05, -0.92), (0.34, -0.36)], 2), smooth([(-0.2, 0.5), (0.12, 0.86), (0.26, 0.42)], 2)]
    scales = [(stroke(arc(x, y, 0.16, -75, 75, 8), 0.035) * flip, shade(c, 0.74)) for x in (-0.22, 0.06, 0.30) for y in (-0.24, 0.0, 0.24) if abs(y) < 0.3 - 0.5 * (x - 0.1)]
    eye = [(ellipse(-0.62, -0.12, 0.125) * flip, WHITE), (ellipse(-0.64, -0.12, 0.065) * flip, INK)]
    gill = (stroke(arc(-0.62, 0.05, 0.36, -50, 50, 10), 0.04) * flip, shade(c, 0.7))
    return [Body([tail * flip, *(f * flip for f in fins)], shade(c, 0.84), [], 0.4, 0.2), Body([body * flip], c, [*scales, gill, *eye], 0.9, 0.5)]


def house(c, rng):
    roof = (0.35, 0.30, 0.33) if c[0] > 0.6 and c[1] < 0.3 else (0.66, 0.23, 0.16)
    wall = box(-0.76, -0.18, 0.76, 1.0)
    side = 1 if rng.random() < 0.5 else -1
    frame = lambda x0, y0, x1, y1, k: [(box(x0 - 0.05, y0 - 0.05, x1 + 0.05, y1 + 0.05), WHITE), (box(x0, y0, x1, y1), k)]
    pane = (0.45, 0.66, 0.86)
    marks = [*frame(-0.16, 0.38, 0.16, 1.0, (0.40, 0.24, 0.12)), *frame(-0.58, 0.12, -0.30, 0.42, pane), *frame(0.30, 0.12, 0.58, 0.42, pane)]
    tiles = [(stroke([(-1, y), (1, y)], 0.03), shade(roof, 0.75)) for y in (-0.76, -0.56, -0.36)]
    chimney = box(*sorted((0.42 * side, 0.62 * side)), 0, 0)[:, [0]]
    chimney = np.concatenate([chimney, np.array([[-0.95], [-0.95], [-0.4], [-0.4]])], 1)
    return [Body([chimney], (0.55, 0.30, 0.24), [], 0.1, 0.0, extra=True), Body([wall], c, marks, 0.12, 0.05, 0.06),
            Body([np.array([(-1.0, -0.16), (0.0, -1.0), (1.0, -0.16)])], roof, tiles, 0.15, 0.05, 0.06)]


def smiling_face(c, rng):
    wide = rng.uniform(0.5, 0.6)
    mouth = np.concatenate([arc(0, 0.12, wide, 10, 170, 14), arc(0, 0.02, wide * 0.9, 160, 20, 10)])
    eyes = [(ellipse(x, -0.26, 0.11, 0.18), INK) for x in (-0.33, 0.33)]
    return [Body([ellipse(0, 0, 0.98)], c, [*eyes, (mouth, (0.45, 0.10, 0.10) if c[0] < 0.9 or c[1] > 0.6 else INK)], 1.0, 0.6, 0.0)]


def clown_face(c, rng):
    tufts = [Body([ellipse(s * x, y, r)], c, [], 0.8, 0.1, 0.2) for s in (-1, 1) for x, y, r in ((0.74, -0.42, 0.30), (0.80, -0.02, 0.28), (0.60, -0.72, 0.26))]
    head = ellipse(0, 0.08, 0.74, 0.86)
    lips = np.concatenate([arc(0, 0.34, 0.44, 5, 175, 14), arc(0, 0.24, 0.40, 165, 15, 10)])
    eyes = []
    for x in (-0.28, 0.28):
        eyes += [(ellipse(x, -0.24, 0.17, 0.23), (0.35, 0.62, 0.88)), (ellipse(x, -0.20, 0.085, 0.11), INK)]
    return [*tufts, Body([head], (0.97, 0.88, 0.82), [*eyes, (lips, (0.84, 0.10, 0.14))], 0.9, 0.3, 0.0),
            Body([ellipse(0, 0.10, 0.19)], (0.90, 0.06, 0.08), [], 1.0, 0.9, 0.0)]


SUBJECTS = {
    'strawberry': (strawberry, ['red', 'pink']),
    'apple': (apple, ['red', 'green', 'yellow']),
    'lemon': (lemon, ['yellow', 'green']),
    'orange': (orange, ['orange']),
    'pear': (pear, ['green', 'yellow', 'red']),
    'banana': (banana, ['yellow', 'green']),
    'cherry': (cherry, ['red', 'purple']),
    'mushroom': (mushroom, ['red', 'brown', 'purple', 'blue']),
    'balloon': (balloon, ['red', 'blue', 'green', 'yellow', 'pink', 'purple', 'orange']),
    'flower': (flower, ['red', 'pink', 'yellow', 'white', 'purple', 'blue', 'orange']),
    'cactus': (cactus, ['green', 'blue']),
    'cupcake': (cupcake, ['pink', 'white', 'brown', 'yellow', 'blue']),
    'fish': (fish, ['orange', 'blue', 'red', 'yellow', 'green', 'purple']),
    'house': (house, ['white', 'red', 'yellow', 'blue', 'pink', 'green']),
    'smiling face': (smiling_face, ['yellow', 'green', 'pink', 'blue', 'orange']),
    'clown face': (clown_face, ['red', 'orange', 'green', 'blue', 'purple']),
}
