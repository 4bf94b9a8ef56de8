"""The tiny models of models/fixtures in torch, their tokenizers, and the pictures that both pipelines' references start from."""

import json
import math
import pathlib
import sys

import numpy as np
import torch
from PIL import Image, ImageDraw

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/fixtures"))

from tiny_models import load_tokenizer, make  # noqa: E402

torch.set_num_threads(1)  # These models are too small for more.

MODELS = ROOT / "models/fixtures"
_made = {}


def tiny(name):
    """The model, made once, with its tokenizers (by folder name) and its scheduler_config.json."""
    if name not in _made:
        keep(name, make(name), MODELS / name)
    return _made[name]


def keep(name, model, folder):
    """Knows a model, written to a folder, by its name."""
    folders = [d for d in ("tokenizer", "tokenizer_2") if (folder / d).exists()]
    model.tokenizers = {d: load_tokenizer(folder / d) for d in folders}
    model.scheduler_json = json.loads((folder / "scheduler/scheduler_config.json").read_text())
    for encoder in (e for e in model.text_encoders if e is not None and not hasattr(e, "text_model")):
        # Where diffusers looks for the final norm; transformers 5 no longer has this level.
        object.__setattr__(encoder, "text_model", encoder)
    _made[name] = model


def sketch(width, height):
    image = Image.new("RGB", (width, height), (236, 231, 220))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 0.7, width, height), fill=(120, 90, 60))
    draw.ellipse((width * 0.2, height * 0.25, width * 0.65, height * 0.85), fill=(200, 40, 50))
    draw.polygon([(width * 0.4, height * 0.3), (width * 0.3, height * 0.1), (width * 0.55, height * 0.12)], fill=(50, 140, 60))
    draw.rectangle((width * 0.75, height * 0.1, width * 0.92, height * 0.3), fill=(40, 70, 160))
    return image


def block_mask(width, height, boxes):
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    for x1, y1, x2, y2, value in boxes:
        draw.rectangle((x1 * width, y1 * height, x2 * width, y2 * height), fill=value)
    return mask


PICTURES = {
    "sketch": sketch(96, 64),
    "tall": sketch(64, 88),
    "odd": sketch(101, 67),
    "large": sketch(160, 128),
}
MASKS = {
    "block": block_mask(96, 64, [(0.3, 0.2, 0.7, 0.8, 255)]),
    "two": block_mask(64, 88, [(0.1, 0.1, 0.4, 0.3, 255), (0.5, 0.6, 0.9, 0.95, 200)]),
    "odd": block_mask(101, 67, [(0.35, 0.3, 0.6, 0.75, 255)]),
    "corner": block_mask(160, 128, [(0.65, 0.6, 0.9, 0.95, 255)]),
    "small": block_mask(160, 128, [(0.3, 0.3, 0.45, 0.5, 255)]),
}
GREY = Image.fromarray(np.tile(np.linspace(0, 255, 96).astype(np.uint8), (64, 1)))
MASKS["ramp"] = GREY


def canvas(case):
    """The picture of a request and its mask, on the canvas that it grows to: the picture's edges go on (as np.pad has it), the new part is
    masked, and so much of the picture beside it as the mask's blur reaches, where AUTOMATIC1111's outpainting masks twice the blur."""
    image = PICTURES[case["picture"]]
    mask = MASKS[case["mask"]].resize(image.size, Image.Resampling.BILINEAR)
    left, top, right, bottom = (case.get(f"extend{side}", 0) for side in ("Left", "Top", "Right", "Bottom"))
    if left + top + right + bottom == 0:
        return image, MASKS[case["mask"]]
    grown = Image.fromarray(np.pad(np.asarray(image), ((top, bottom), (left, right), (0, 0)), mode="edge"))
    reach = math.ceil(2.5 * case.get("maskBlur", 0))
    kept = [reach if left else 0, reach if top else 0, image.width - (reach if right else 0), image.height - (reach if bottom else 0)]
    grown_mask = Image.new("L", grown.size, 255)
    grown_mask.paste(mask.crop(kept), (left + kept[0], top + kept[1]))
    return grown, grown_mask


def stored_pictures(store):
    pictures = {n: {"width": i.width, "height": i.height, "data": store.octets(np.asarray(i))} for n, i in PICTURES.items()}
    masks = {n: {"width": i.width, "height": i.height, "data": store.octets(np.asarray(i))} for n, i in MASKS.items()}
    return {"pictures": pictures, "masks": masks}
