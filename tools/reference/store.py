"""Writes fixtures: gzipped JSON whose arrays are base64 of little-endian raw bytes, made the same way every time."""

import base64
import gzip
import importlib.metadata
import json
import pathlib
import platform

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packages/pipeline/fixtures/reference"
PACKAGES = ["torch", "diffusers", "k-diffusion", "numpy", "scipy", "pillow", "opencv-python-headless", "scikit-image", "blendmodes"]


def packed(array, dtype):
    """An array as base64; the reader knows its type and shape."""
    return base64.b64encode(np.ascontiguousarray(array).astype(np.dtype(dtype).newbyteorder("<")).tobytes()).decode()


def floats(array):
    return packed(array, np.float32)


def doubles(array):
    return packed(array, np.float64)


def octets(array):
    return packed(array, np.uint8)


def write(name, content):
    FOLDER.mkdir(parents=True, exist_ok=True)
    content = {
        "command": "python tools/reference/make.py",
        "versions": {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in PACKAGES}},
        **content,
    }
    path = FOLDER / f"{name}.json.gz"
    data = json.dumps(content, separators=(",", ":")).encode()
    with open(path, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as zipped:
        zipped.write(data)
    print(f"{path.name}: {path.stat().st_size} bytes")
