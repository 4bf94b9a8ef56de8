"""Outlines in a subject's own box: x to the right, y down, the box spans -1..1."""

import numpy as np


def ellipse(cx, cy, rx, ry=None, turn=0.0, n=48):
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    x, y = rx * np.cos(a), (ry if ry is not None else rx) * np.sin(a)
    c, s = np.cos(turn), np.sin(turn)
    return np.stack([cx + c * x - s * y, cy + s * x + c * y], 1)


def smooth(points, rounds=3):
    """A closed curve through corner cutting (Chaikin), so that a few points describe a fruit."""
    p = np.asarray(points, float)
    for _ in range(rounds):
        q = np.roll(p, -1, 0)
        p = np.stack([0.75 * p + 0.25 * q, 0.25 * p + 0.75 * q], 1).reshape(-1, 2)
    return p


def box(x0, y0, x1, y1):
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], float)


def stroke(points, width):
    """A ribbon of constant width along a polyline."""
    p = np.asarray(points, float)
    t = np.gradient(p, axis=0)
    t /= np.linalg.norm(t, axis=1, keepdims=True) + 1e-9
    n = np.stack([-t[:, 1], t[:, 0]], 1) * width / 2
    return np.concatenate([p + n, (p - n)[::-1]])


def arc(cx, cy, r, a0, a1, n=16):
    a = np.radians(np.linspace(a0, a1, n))
    return np.stack([cx + r * np.cos(a), cy + r * np.sin(a)], 1)


def mirror(points):
    """The right half of an outline, from top to bottom, completed by its mirror image."""
    p = np.asarray(points, float)
    return np.concatenate([p, (p * [-1, 1])[::-1]])


def leaf(x, y, length, turn, fat=0.38):
    t = np.linspace(0, np.pi, 14)
    up = np.stack([length * (1 - np.cos(t)) / 2, fat * length * np.sin(t)], 1)
    p = np.concatenate([up, (up * [1, -1])[::-1][1:-1]])
    c, s = np.cos(turn), np.sin(turn)
    return p @ np.array([[c, s], [-s, c]]) + [x, y]
