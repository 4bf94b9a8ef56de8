"""Renders one picture: a scene of one or two subjects, as a photo or as a drawing, with its mask."""

from dataclasses import dataclass

import cv2
import numpy as np

from palette import BACKGROUNDS, COLOURS, shade, vary
from subjects_more import SUBJECTS

SIZE, SCALE = 128, 2  # drawn at twice the size, then averaged
WORK = SIZE * SCALE
FLOATING = ('balloon', 'fish')


@dataclass
class Thing:
    subject: str
    colour: str
    x: float  # centre and half-size in pixels of the finished picture
    y: float
    r: float
    turn: float  # radians


@dataclass
class Scene:
    style: str  # photo or drawing
    background: str
    things: list


def noise_bank(seed=7, size=512):
    rng = np.random.default_rng(seed)
    bank = sum(cv2.GaussianBlur(rng.standard_normal((size, size)).astype(np.float32), (0, 0), s) * s for s in (1.5, 4, 10))
    return bank / bank.std()


NOISE = noise_bank()


def placed(outline, thing, wobble=None):
    """From the subject's box to canvas pixels; `wobble` bends it as an unsteady hand does."""
    c, s = np.cos(thing.turn), np.sin(thing.turn)
    p = np.asarray(outline) @ np.array([[c, s], [-s, c]]) * thing.r
    if wobble is not None:
        amount, waves = wobble
        for k, (phase, strength) in enumerate(waves):
            p = p + amount * thing.r * strength * np.sin(p[:, ::-1] / thing.r * (k + 1.5) + phase)
    return (p + [thing.x, thing.y]) * SCALE


def fill(shape, outlines):
    mask = np.zeros(shape, np.uint8)
    for p in outlines:
        cv2.fillPoly(mask, [np.round(p * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask


def over(canvas, mask, colour):
    canvas += mask[..., None] * (colour - canvas)


def photo_backdrop(rgb, rng):
    y, x = np.mgrid[0:WORK, 0:WORK].astype(np.float32) / WORK
    slope, cx, cy = rng.uniform(0.02, 0.22), rng.uniform(0.2, 0.8), rng.uniform(0.1, 0.6)
    light = 1.03 - slope * y - rng.uniform(0.05, 0.22) * ((x - cx) ** 2 + (y - cy) ** 2)
    canvas = rgb[None, None] * light[..., None]
    if rng.random() < 0.35:  # a table edge: the lower part of the same backdrop, a little darker
        edge = 1 / (1 + np.exp(-(y - rng.uniform(0.55, 0.8)) * rng.uniform(20, 60)))
        canvas *= 1 - rng.uniform(0.03, 0.10) * edge[..., None]
    return canvas.astype(np.float32)


def cast_shadow(canvas, thing, mask, light, rng):
    ys, xs = np.nonzero(mask > 128)
    if len(ys) == 0:
        return
    foot, width, cx = ys.max(), (xs.max() - xs.min()) / 2, (xs.max() + xs.min()) / 2
    shadow = np.zeros((WORK, WORK), np.float32)
    lift = thing.r * SCALE * (0.35 if thing.subject in FLOATING else 0.0)
    centre = (int(cx - light[0] * width * 0.55), int(foot + lift - width * 0.06))
    cv2.ellipse(shadow, centre, (int(width * 0.95), max(2, int(width * 0.22))), 0, 0, 360, 1.0, -1)
    shadow = cv2.GaussianBlur(shadow, (0, 0), 3 + width * 0.10)
    depth = rng.uniform(0.35, 0.6) * (0.5 if lift else 1)
    canvas *= 1 - depth * shadow[..., None]


def shaded(body, outlines, marks, mask, light, bounce, rng):
    """The body's surface in colour: inflated from its silhouette, lit by one lamp and by the backdrop."""
    h, w = mask.shape
    d = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
    peak = max(float(d.max()), 1.0)
    reach = peak * (0.25 + 0.75 * body.round)
    t = np.clip(d / reach, 0, 1)
    height = reach * np.sqrt(np.maximum(1 - (1 - t) ** 2, 0)) * body.round
    height = cv2.GaussianBlur(height, (0, 0), 0.8 + 0.12 * peak)
    gx, gy = cv2.Sobel(height, -1, 1, 0, scale=0.125), cv2.Sobel(height, -1, 0, 1, scale=0.125)
    inv = 1 / np.sqrt(gx * gx + gy * gy + 0.8)
    nx, ny, nz = -gx * inv, -gy * inv, 0.9 * inv
    albedo = np.empty((h, w, 3), np.float32)
    albedo[:] = body.colour
    for outline, colour in marks:
        over(albedo, fill((h, w), [outline]).astype(np.float32) / 255, np.asarray(colour, np.float32))
    if body.mottle:
        oy, ox = rng.integers(0, 512 - h), rng.integers(0, 512 - w)
        albedo *= 1 + body.mottle * np.clip(NOISE[oy:oy + h, ox:ox + w], -2, 2)[..., None]
    facing = nx * light[0] + ny * light[1] + nz * light[2]
    diffuse = 0.34 + 0.78 * np.clip(facing * 0.85 + 0.15, 0, 1)
    colour = albedo * diffuse[..., None]
    colour += (0.10 * np.clip(ny, 0, 1))[..., None] * bounce
    half = np.array([light[0], light[1], light[2] + 1])
    half /= np.linalg.norm(half)
    shine = np.clip(nx * half[0] + ny * half[1] + nz * half[2], 0, 1)
    colour += (body.gloss * (0.75 * shine ** 60 + 0.16 * shine ** 12))[..., None]
    return np.clip(colour, 0, 1)


def draw_body(canvas, body, thing, style, rng, light, bounce, wobble, crude, ink):
    outlines = [placed(o, thing, wobble) for o in body.outlines]
    points = np.concatenate(outlines)
    x0, y0 = np.maximum(np.floor(points.min(0)).astype(int) - 4, 0)
    x1, y1 = np.minimum(np.ceil(points.max(0)).astype(int) + 5, WORK)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    at = np.array([x0, y0])
    shape = (y1 - y0, x1 - x0)
    outlines = [o - at for o in outlines]
    mask = fill(shape, outlines)
    marks = [] if crude else [(placed(o, thing, wobble) - at, k) for o, k in body.marks]
    part = canvas[y0:y1, x0:x1]
    if style == 'photo':
        over(part, mask.astype(np.float32) / 255, shaded(body, outlines, marks, mask, light, bounce, rng))
        return
    over(part, mask.astype(np.float32) / 255, np.asarray(body.colour, np.float32))
    for outline, colour in marks:
        over(part, np.minimum(mask, fill(shape, [outline])).astype(np.float32) / 255, np.asarray(colour, np.float32))
    if ink is not None:
        line = np.zeros(shape, np.uint8)
        for o in outlines:
            cv2.polylines(line, [np.round(o * 16).astype(np.int32)], True, 255, ink[1], cv2.LINE_AA, 4)
        over(part, line.astype(np.float32) / 255, ink[0])


def render(scene, rng):
    """Returns the picture, uint8 (128, 128, 3), and one mask per thing, uint8 (128, 128)."""
    photo = scene.style == 'photo'
    backdrop = vary(BACKGROUNDS[scene.background], rng, 1.0 if photo else 0.7)
    canvas = photo_backdrop(backdrop, rng) if photo else np.broadcast_to(backdrop, (WORK, WORK, 3)).astype(np.float32)
    light = np.array([rng.uniform(-0.65, 0.65), rng.uniform(-0.85, -0.45), rng.uniform(0.55, 0.95)])
    light /= np.linalg.norm(light)
    crude = not photo and rng.random() < 0.5
    ink = None
    if not photo and rng.random() < 0.55:
        ink = (vary((0.07, 0.06, 0.08), rng), int(rng.integers(2, 6)))
    waves = [(rng.uniform(0, 6.3), rng.uniform(0.3, 1) / (k + 1)) for k in range(3)]
    wobble = (rng.uniform(0.0, 0.03) if photo else rng.uniform(0.01, 0.13), waves)
    masks = []
    for thing in scene.things:
        build = SUBJECTS[thing.subject][0]
        bodies = build(vary(COLOURS[thing.colour], rng), rng)
        if crude:
            bodies = [b for b in bodies if not (b.extra and rng.random() < 0.7)]
        whole = fill((WORK, WORK), [placed(o, thing, wobble) for b in bodies for o in b.outlines])
        if photo:
            cast_shadow(canvas, thing, whole, light, rng)
        for b in bodies:
            draw_body(canvas, b, thing, scene.style, rng, light, backdrop, wobble, crude and len(b.marks) > 5, ink)
        masks.append(cv2.resize(whole, (SIZE, SIZE), interpolation=cv2.INTER_AREA))
    picture = cv2.resize(np.clip(canvas, 0, 1), (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    return np.round(picture * 255).astype(np.uint8), masks
