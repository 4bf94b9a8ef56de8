"""images.json.gz: picture operations by Pillow, OpenCV and AUTOMATIC1111's recipes, byte for byte."""

import cv2
import numpy as np
import torch
from PIL import Image, ImageFilter

import store
import webui

FILTERS = {"lanczos": Image.Resampling.LANCZOS, "bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}
random = np.random.default_rng(22)


def picture(width, height, channels):
    """Gradients, a few hard rectangles, a noisy quarter."""
    y, x = np.mgrid[0:height, 0:width]
    data = np.stack([(x * 255 / width), (y * 255 / height), ((x + y) * 255 / (width + height))][:channels], axis=2)
    for _ in range(5):
        x1, y1 = random.integers(0, width), random.integers(0, height)
        data[y1 : y1 + height // 3, x1 : x1 + width // 4] = random.integers(0, 256, channels)
    data[: height // 2, : width // 2] += random.integers(-60, 60, (height // 2, width // 2, channels))
    data = np.clip(data, 0, 255).astype(np.uint8)
    return Image.fromarray(data if channels == 3 else data[:, :, 0])


def mask(width, height, boxes):
    data = np.zeros((height, width), np.uint8)
    for x1, y1, x2, y2, value in boxes:
        data[y1:y2, x1:x2] = value
    return Image.fromarray(data)


PICTURES = {
    "wide": picture(93, 61, 3),
    "tall": picture(40, 77, 3),
    "square": picture(64, 64, 3),
    "other square": picture(64, 64, 3),
    "grey": picture(75, 50, 1),
    "dot": picture(1, 1, 3),
    "line": picture(50, 1, 1),
    "mask": mask(93, 61, [(20, 10, 50, 40, 255), (60, 30, 70, 61, 128), (0, 50, 9, 55, 255)]),
    "square mask": mask(64, 64, [(20, 10, 50, 40, 255), (0, 50, 9, 64, 90)]),
    "small mask": mask(93, 61, [(70, 20, 76, 25, 255)]),
    "full mask": mask(64, 64, [(0, 0, 64, 64, 255)]),
    "empty mask": mask(64, 64, []),
}


def stored(image):
    return store.octets(np.asarray(image))


def resized():
    for name in ("wide", "tall", "grey", "dot", "line"):
        for size in ((64, 64), (7, 5), (120, 90), (93, 20), (40, 30), (200, 1)):
            for filter_name, resample in FILTERS.items():
                data = stored(PICTURES[name].resize(size, resample))
                yield {"picture": name, "width": size[0], "height": size[1], "filter": filter_name, "data": data}


def fitted():
    for name in ("wide", "tall", "square", "grey", "mask"):
        for size in ((64, 64), (96, 64), (64, 112), (72, 40), (31, 45), (128, 16)):
            for mode in ("stretch", "crop", "fill"):
                image = webui.fit(PICTURES[name], *size, mode)
                if PICTURES[name].mode == "L":
                    image = image.convert("RGB").getchannel(0)
                yield {"picture": name, "width": size[0], "height": size[1], "mode": mode, "data": stored(image)}


def blurred(names, sigmas, blur):
    for name in names:
        for sigma in sigmas:
            yield {"picture": name, "sigma": sigma, "data": stored(blur(PICTURES[name], sigma))}


def grown():
    for name in ("mask", "grey", "line"):
        for radius in (0, 1, 2, 5, 16, 64, 128):
            square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
            yield {"picture": name, "radius": radius, "data": stored(cv2.dilate(np.asarray(PICTURES[name]), square))}


PAIRS = [("wide", "mask"), ("square", "square mask"), ("wide", "small mask"), ("square", "full mask"), ("square", "empty mask")]


def filled():
    for name, mask_name in PAIRS:
        for blur in (0, 4):
            repainted = webui.blur_mask(PICTURES[mask_name], blur)
            yield {"picture": name, "mask": mask_name, "blur": blur, "data": stored(webui.fill(PICTURES[name], repainted))}


def overlaid():
    """The result is another picture, of the original's size or, with a crop region, of the working size."""
    for name, mask_name in PAIRS:
        for blur in (0, 3, 4):
            original, repainted = PICTURES[name], webui.blur_mask(PICTURES[mask_name], blur)
            case = {"picture": name, "mask": mask_name, "blur": blur}
            result = PICTURES["other square"].resize(original.size, Image.Resampling.NEAREST)
            overlay = webui.make_overlay(original, webui.overlay_mask(repainted))
            yield {**case, "result": stored(result), "box": None, "data": stored(webui.apply_overlay(result, overlay))}
            box = webui.crop_region(repainted, 6, 64, 64)
            if box:
                overlay = webui.make_overlay(original, repainted)
                data = stored(webui.apply_overlay(PICTURES["other square"], overlay, box))
                yield {**case, "result": stored(PICTURES["other square"]), "box": box, "data": data}


def crop_regions():
    for _ in range(300):
        width, height = (int(n) for n in random.integers(10, 900, 2))
        x1, y1 = int(random.integers(0, width)), int(random.integers(0, height))
        x2, y2 = int(random.integers(x1 + 1, width + 1)), int(random.integers(y1 + 1, height + 1))
        padding = int(random.choice([0, 1, 32, 256]))
        target = [int(n) * 8 for n in random.integers(8, 257, 2)]
        region = webui.crop_region(mask(width, height, [(x1, y1, x2, y2, 255)]), padding, *target)
        yield [width, height, x1, y1, x2, y2, padding, *target, *region]


def latents():
    for name in ("mask", "square mask", "grey"):
        for width, height in ((8, 8), (12, 7)):
            for rounds in (True, False):
                plane = webui.latent_mask(PICTURES[name], width, height, rounds)
                yield {"picture": name, "width": width, "height": height, "rounds": rounds, "data": store.floats(plane)}


def planes():
    source = random.standard_normal((4, 9, 13)).astype(np.float32)
    tensor = torch.from_numpy(source)[None]
    for width, height in ((8, 8), (13, 20), (26, 18), (5, 3)):
        bilinear = torch.nn.functional.interpolate(tensor, (height, width), mode="bilinear", align_corners=False)
        nearest = torch.nn.functional.interpolate(tensor[:, :1], (height, width), mode="nearest")
        yield {
            "source": store.floats(source),
            "width": width,
            "height": height,
            "bilinear": store.floats(bilinear.numpy()),
            "nearest": store.floats(nearest.numpy()),
        }


def corrected():
    for name, reference in (("wide", "tall"), ("square", "wide"), ("tall", "square"), ("square", "square"), ("dot", "wide")):
        image, target = PICTURES[name], PICTURES[reference]
        yield {
            "picture": name,
            "reference": reference,
            "data": stored(webui.correct_colors(image, target)),
        }


def make():
    colors = random.integers(0, 256, (1, 20_000, 3), dtype=np.uint8)
    store.write(
        "images",
        {
            "pictures": {
                name: {"width": image.width, "height": image.height, "data": stored(image)} for name, image in PICTURES.items()
            },
            "resized": list(resized()),
            "fitted": list(fitted()),
            "pilBlurred": list(
                blurred(
                    ("wide", "tall", "grey", "line"),
                    (0, 0.4, 1, 2, 4, 7.5, 16, 64, 256),
                    lambda image, sigma: image.filter(ImageFilter.GaussianBlur(sigma)),
                )
            ),
            "cvBlurred": list(
                blurred(("mask", "square mask", "grey", "line"), (0.5, 1, 2, 3.3, 4, 8, 12, 16, 24, 32, 47, 64), webui.blur_mask)
            ),
            "grown": list(grown()),
            "filled": list(filled()),
            "overlaid": list(overlaid()),
            "cropRegions": list(crop_regions()),
            "latentMasks": list(latents()),
            "planes": list(planes()),
            "colors": store.octets(colors),
            "colorsToLab": store.octets(cv2.cvtColor(colors, cv2.COLOR_RGB2LAB)),
            "colorsFromLab": store.octets(cv2.cvtColor(colors, cv2.COLOR_LAB2RGB)),
            "corrected": list(corrected()),
        },
    )
