"""packages/pipeline/fixtures/reference/checkpoints.json.gz: whole pictures by diffusers' pipelines on small checkpoints that `from_single_file` reads.

Of each checkpoint the file has names, shapes and formats; its numbers TypeScript makes alike (numbers_alike.py).
"""

import tempfile
from pathlib import Path

from small_pipelines import DTYPES, Small, save  # Which also says where the next ones are found.

import make_pipelines
import make_txt2img
import numbers_alike as numbers
import numpy as np
import store
import tiny
import torch
from diffusers.utils import logging
from transformers.utils import logging as transformers_logging

for module in (logging, transformers_logging):
    module.set_verbosity_error()
    module.disable_progress_bar()

SIDE = (64, 48)
PICTURES = {"sketch": tiny.sketch(*SIDE), "odd": tiny.sketch(59, 70)}
MASKS = {"block": tiny.block_mask(*SIDE, [(0.3, 0.2, 0.7, 0.8, 255)]), "odd": tiny.block_mask(59, 70, [(0.35, 0.3, 0.6, 0.75, 255)])}
PAINT = dict(kind="inpaint", mask="block")
TEXT = dict(kind="txt2img", width=SIDE[0], height=SIDE[1])

SD, XL, REFINER = (1, 1, 1, 0), (0, 1, 2), (0, 2, 2, 0)


def models():
    """Each with the formats that its weights are stored in, in turn, and by how much single tensors are shifted."""
    four, three = (32, 64, 64, 64), (32, 64, 128)
    yield Small("sd1", "sd1", (32, 64, 96, 96), SD, [64]), ["F32"], {}
    yield Small("sd1-inpaint", "sd1", four, SD, [64], channels=9), ["F16"], {}
    yield Small("sd2", "sd2", (64, 128, 64, 64), SD, [128]), ["F16"], {}
    # As a model of v answers, of almost nothing but noise.
    yield Small("sd2-v", "sd2", four, SD, [64], scheduler={"prediction_type": "v_prediction"}), ["BF16"], {"out.2.bias": -1.2}
    yield Small("sd2-inpaint", "sd2", four, SD, [64], channels=9), ["F32"], {}
    yield Small("sdxl", "sdxl", three, XL, [64, 128]), ["F16"], {}
    yield Small("sdxl-inpaint", "sdxl", (32, 64, 64), XL, [32, 64], channels=9), ["BF16", "F16", "F32"], {}
    yield Small("sdxl-refiner", "sdxl-refiner", (64, 64, 128, 64), REFINER, [64]), ["F16"], {}
    yield Small("lcm", "sd1", four, SD, [64], guidance=256), ["F32"], {}
    yield Small("sd-turbo", "sd2", four, SD, [64]), ["F16"], {}
    yield Small("sdxl-turbo", "sdxl", (32, 64, 64), XL, [32, 64]), ["F16"], {}
    yield Small("sd1-f8", "sd1", four, SD, [64]), ["F8_E4M3"], {}


def cases(name):
    def case(**fields):
        return make_pipelines.case("tiny-" + name, **{"steps": 6, **fields})

    if name == "lcm":
        yield case(sampler="lcm", steps=4, guidanceScale=8.5)
        yield case(sampler="lcm", steps=8, guidanceScale=3, strength=0.5, prompt="night sky over the sea")
        return
    if name.endswith("turbo"):
        yield case(sampler="euler_a", guidanceScale=1, schedule="sgm_uniform", steps=4, strength=0.5)
        yield case(sampler="euler_a", guidanceScale=1, schedule="sgm_uniform", steps=2, **TEXT)
        return
    if name == "sd1-f8":
        yield case(guidanceScale=5)
        return
    if not name.endswith("inpaint"):
        yield case(sampler="dpmpp_2m", schedule="karras", negativePrompt="blurry, dark")
        yield case(sampler="euler_a", strength=0.5, picture="odd", prompt="a portrait, oil on canvas", guidanceScale=3)
    yield case(sampler="euler", **PAINT)
    if name.endswith("inpaint"):
        yield case(sampler="unipc", **PAINT, strength=1, negativePrompt="red")
        yield case(sampler="ddim", kind="inpaint", picture="odd", mask="odd", strength=0.8)
    elif not name.endswith("refiner"):
        yield case(sampler="pndm", strength=1, **PAINT)
        yield case(sampler="dpmpp_2m", **TEXT)
        yield case(sampler="euler", seed=7, prompt="a blue bowl on a table", **TEXT)
    if name in ("sd1", "sdxl"):
        yield case(sampler="heun", clipSkip=2, numImages=2, steps=4, guidanceRescale=0.5 if name == "sdxl" else 0)


def fill(model, formats, shifts, file):
    """Writes it as a single file of random numbers in such formats, and gives it what comes out of that. Returns names, formats and shapes of the file."""
    stored, described = model.stored(), {}
    for seed, name in enumerate(sorted(stored)):
        if name.endswith("position_ids"):
            described[name] = ["I64", *stored[name].shape]
            del stored[name]
            continue
        values = numbers.weight(name, tuple(stored[name].shape), seed, numbers.PERIOD)
        values += next((shift for end, shift in shifts.items() if name.endswith(end)), 0)
        dtype = formats[seed % len(formats)]
        stored[name] = values.to(DTYPES[dtype])
        described[name] = [dtype, *values.shape]
    save(stored, file)
    model.load(file)
    return described


def paint(case):
    with torch.no_grad():
        painted = make_pipelines.run(case)
    return {key: value for key, value in painted.items() if case["kind"] != "txt2img" or key not in make_txt2img.OF_PICTURES}


def register(model):
    """Where make_pipelines looks for its models."""
    model.name = "tiny-" + model.name
    tiny._made[model.name] = model
    tiny.PICTURES.update(PICTURES)
    tiny.MASKS.update(MASKS)


def forget():
    """Lets go of all models."""
    tiny._made.clear()


def pictures():
    def octets(images):
        return {name: {"width": image.width, "height": image.height, "data": store.octets(np.asarray(image))} for name, image in images.items()}

    return {"pictures": octets(PICTURES), "masks": octets(MASKS)}


def main():
    files, results = {}, []
    for model, formats, shifts in models():
        name = model.name
        with tempfile.TemporaryDirectory() as folder:
            stored = fill(model, formats, shifts, Path(folder) / "model.safetensors")
        files[name] = {"stored": stored, **({"shifts": shifts} if shifts else {})}
        register(model)
        for one in cases(name):
            results.append({**paint(one), "model": name})
        print(name, len(results), flush=True)
    store.write("checkpoints", {"files": files, **pictures(), "cases": results})


if __name__ == "__main__":
    main()
