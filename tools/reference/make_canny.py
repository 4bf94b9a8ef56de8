"""packages/vocabulary/fixtures/canny.json.gz: what OpenCV's Canny makes of pictures, at the thresholds 100 and 200 and some others."""

import base64
import gzip
import json
from pathlib import Path

import cv2
import numpy as np

import tiny

OUT = Path(__file__).parents[2] / "packages/vocabulary/fixtures/canny.json.gz"

# Equal ones, both ends, and the wrong way round.
OTHERS = ((64, 64), (1, 255), (30, 120), (200, 50))


def pictures():
    generator = np.random.default_rng(17)
    for name in ("sketch", "tall", "odd", "large"):
        yield name, np.asarray(tiny.PICTURES[name])
    for width, height in ((1, 1), (1, 9), (2, 7), (9, 1), (33, 40)):
        yield f"noise {width}x{height}", generator.integers(0, 256, (height, width, 3), dtype=np.uint8)
    for sigma in (0.8, 1.5, 3, 6):
        noise = cv2.GaussianBlur(generator.integers(0, 256, (60, 70, 3), dtype=np.uint8), (0, 0), sigma)
        low, high = int(noise.min()), int(noise.max())
        yield f"clouds {sigma}", ((noise.astype(np.int32) - low) * 255 // (high - low)).astype(np.uint8)
    # Ties: colours that change alike, and slopes of 22.5, 45 and 67.5 degrees as near as pixels have them.
    y, x = np.mgrid[0:48, 0:48]
    for name, slope in (("flat", 5 * x + 2 * y), ("even", 6 * (x + y)), ("steep", 2 * x + 5 * y), ("falling", 6 * (x - y) + 250)):
        bands = ((slope // 31) % 2 * 80 + slope % 97).astype(np.uint8)
        yield name, np.stack([bands, bands, 255 - bands], 2)


def encoded(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


golden = {}
for name, picture in pictures():
    edges = cv2.Canny(np.ascontiguousarray(picture), 100, 200)
    golden[name] = {"width": picture.shape[1], "height": picture.shape[0], "picture": encoded(picture), "edges": encoded(np.packbits(edges > 0))}
    if picture.size <= 3 * 60 * 70:
        others = {(low, high): cv2.Canny(np.ascontiguousarray(picture), low, high) for low, high in OTHERS}
        golden[name]["others"] = [{"low": low, "high": high, "edges": encoded(np.packbits(found > 0))} for (low, high), found in others.items()]
    print(name, picture.shape, round(float((edges > 0).mean()), 3))
OUT.write_bytes(gzip.compress(json.dumps(golden, separators=(",", ":")).encode(), mtime=0))
print(OUT.stat().st_size)
