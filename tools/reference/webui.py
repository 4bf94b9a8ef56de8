"""What AUTOMATIC1111 v1.10 does to pictures and masks, written anew on Pillow, OpenCV, scikit-image and blendmodes."""

import cv2
import numpy as np
import PIL
from blendmodes.blend import BlendType, blendLayers
from PIL import Image, ImageFilter, ImageOps
from skimage import exposure

if int(PIL.__version__.split(".")[0]) > 12:
    raise SystemExit("Pillow 12 is needed (requirements.txt): from 13 on resize gives other bytes")

LANCZOS = Image.Resampling.LANCZOS


def fit(image, width, height, mode):
    """modules/images.py: resize_image; mode is stretch, crop or fill."""
    if mode == "stretch":
        return image.resize((width, height), LANCZOS)
    ratio, source_ratio = width / height, image.width / image.height
    follows_width = ratio > source_ratio if mode == "crop" else ratio < source_ratio
    follows_height = ratio <= source_ratio if mode == "crop" else ratio >= source_ratio
    inner_width = width if follows_width else image.width * height // image.height
    inner_height = height if follows_height else image.height * width // image.width
    inner = image.resize((inner_width, inner_height), LANCZOS)
    frame = Image.new("RGB", (width, height))
    frame.paste(inner, (width // 2 - inner_width // 2, height // 2 - inner_height // 2))
    if mode == "fill" and ratio < source_ratio:
        strip = height // 2 - inner_height // 2
        if strip > 0:
            frame.paste(inner.resize((width, strip), box=(0, 0, width, 0)), (0, 0))
            bottom = inner.resize((width, strip), box=(0, inner.height, width, inner.height))
            frame.paste(bottom, (0, strip + inner_height))
    if mode == "fill" and ratio > source_ratio:
        strip = width // 2 - inner_width // 2
        if strip > 0:
            frame.paste(inner.resize((strip, height), box=(0, 0, 0, height)), (0, 0))
            right = inner.resize((strip, height), box=(inner.width, 0, inner.width, height))
            frame.paste(right, (strip + inner_width, 0))
    return frame


def blur_mask(mask, sigma):
    if sigma <= 0:
        return mask
    size = 2 * int(2.5 * sigma + 0.5) + 1
    rows = cv2.GaussianBlur(np.array(mask), (size, 1), sigma)
    return Image.fromarray(cv2.GaussianBlur(rows, (1, size), sigma))


def crop_region(mask, padding, width, height):
    """modules/masking.py: get_crop_region_v2, then expand_crop_region."""
    bounds = mask.getbbox()
    if not bounds:
        return None
    x1, y1, x2, y2 = bounds
    x1, y1 = max(x1 - padding, 0), max(y1 - padding, 0)
    x2, y2 = min(x2 + padding, mask.width), min(y2 + padding, mask.height)
    ratio = width / height
    if (x2 - x1) / (y2 - y1) > ratio:
        y1, y2 = widened(y1, y2, (x2 - x1) / ratio, mask.height)
    else:
        x1, x2 = widened(x1, x2, (y2 - y1) * ratio, mask.width)
    return x1, y1, x2, y2


def widened(low, high, desired, limit):
    growth = int(desired - (high - low))
    low -= growth // 2
    high += growth - growth // 2
    if high >= limit:
        over = high - limit
        low, high = low - over, high - over
    if low < 0:
        low, high = 0, high - low
    return low, min(high, limit)


def cut_out(image, mask):
    premultiplied = Image.new("RGBa", image.size)
    premultiplied.paste(image.convert("RGBA").convert("RGBa"), mask=ImageOps.invert(mask.convert("L")))
    return premultiplied


def fill(image, mask):
    """modules/masking.py: fill."""
    filled = Image.new("RGBA", image.size)
    kept = cut_out(image, mask)
    for radius, repeats in [(256, 1), (64, 1), (16, 2), (4, 4), (2, 2), (0, 1)]:
        layer = kept.filter(ImageFilter.GaussianBlur(radius)).convert("RGBA")
        for _ in range(repeats):
            filled.alpha_composite(layer)
    return filled.convert("RGB")


def overlay_mask(mask):
    return Image.fromarray(np.clip(np.array(mask).astype(np.float32) * 2, 0, 255).astype(np.uint8))


def make_overlay(original, mask):
    return cut_out(original, mask).convert("RGBA")


def apply_overlay(result, overlay, box=None):
    """modules/processing.py: apply_overlay, uncrop."""
    if box:
        x1, y1, x2, y2 = box
        frame = Image.new("RGBA", overlay.size)
        frame.paste(fit(result, x2 - x1, y2 - y1, "crop"), (x1, y1))
        result = frame
    result = result.convert("RGBA")
    result.alpha_composite(overlay)
    return result.convert("RGB")


def match_colors(result, reference):
    """The histogram match of color correction, before the luminosity blend."""
    lab = lambda image: cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2LAB)
    matched = exposure.match_histograms(lab(result), lab(reference), channel_axis=2)
    return Image.fromarray(cv2.cvtColor(matched, cv2.COLOR_LAB2RGB).astype("uint8"))


def correct_colors(result, reference):
    """modules/processing.py: apply_color_correction."""
    return blendLayers(match_colors(result, reference), result, BlendType.LUMINOSITY).convert("RGB")


def latent_mask(mask, width, height, rounds):
    plane = np.array(mask.convert("RGB").resize((width, height)), dtype=np.float32)[:, :, 0] / 255
    return np.around(plane) if rounds else plane
