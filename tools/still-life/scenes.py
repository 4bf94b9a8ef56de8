"""Draws scenes at random: what stands where, in which colour, on which background, in which style."""

import numpy as np

from palette import BACKGROUNDS
from render import Scene, Thing
from subjects_more import SUBJECTS

NAMES = list(SUBJECTS)
UPRIGHT = ('house', 'cactus', 'cupcake', 'mushroom', 'flower', 'balloon')


def thing(rng, subject=None, x=None, y=None, r=None):
    subject = subject or NAMES[rng.integers(len(NAMES))]
    colours = SUBJECTS[subject][1]
    r = r or rng.uniform(25, 48)
    room = max(0.0, 62 - r)
    # half of the things stand near the middle, as in most pictures that people take
    spread = 0.35 if rng.random() < 0.5 else 1.0
    x = 64 + rng.uniform(-room, room) * spread if x is None else x
    y = 64 + rng.uniform(-room, room) * spread if y is None else y
    turn = rng.normal(0, 0.08 if subject in UPRIGHT else 0.22)
    return Thing(subject, colours[rng.integers(len(colours))], x, y, r, turn)


def scene(rng, style=None, pairs=0.2, subject=None):
    """`pairs` is the share of pictures with two subjects side by side, which teaches inpainting a neighbour."""
    style = style or ('photo' if rng.random() < 0.66 else 'drawing')
    if rng.random() < pairs:
        left, right = (thing(rng, None if i else subject, x + rng.uniform(-5, 5), 66 + rng.uniform(-18, 18), rng.uniform(17, 28))
                       for i, x in enumerate((33, 95)))
        things = [left, right]
    else:
        things = [thing(rng, subject)]
    # a subject on a background of its own colour cannot be seen
    free = [b for b in BACKGROUNDS if b not in {t.colour for t in things}]
    if style == 'drawing' and rng.random() < 0.3 and 'white' in free:
        free = ['white']  # most people draw on white
    return Scene(style, free[rng.integers(len(free))], things)
