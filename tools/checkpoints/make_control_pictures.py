"""packages/pipeline/fixtures/reference/controls.json.gz: whole pictures by diffusers' ControlNet and T2I-Adapter pipelines.

Of every file it has names, formats and shapes alone; its numbers TypeScript makes alike (numbers_alike.py).
"""

import copy
import inspect

from small_pipelines import DTYPES, Small  # Which also says where the next ones are found.

import cv2
import diffusers
import ldm
import make_pipelines
import make_pictures
import numbers_alike as numbers
import numpy as np
import store
import tempfile
import tiny
import torch
from diffusers import ControlNetModel, ControlNetUnionModel, MultiAdapter, T2IAdapter
from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint
from pathlib import Path
from PIL import Image

SIDE = make_pictures.SIDE
# In the order of a union ControlNet's rows.
TYPES = ["openpose", "depth", "scribble", "lineart", "normal", "segment", "tile", "inpaint"]


def beside_unet(names):
    """diffusers' names of what a ControlNet has besides half a UNet, to LDM's."""
    renamed = {}
    for name in names:
        if name.startswith("controlnet_down_blocks."):
            _, n, leaf = name.split(".")
            renamed[name] = f"zero_convs.{n}.0.{leaf}"
        elif name.startswith("controlnet_mid_block."):
            renamed[name] = f"middle_block_out.0.{name.split('.')[1]}"
        elif name.startswith("controlnet_cond_embedding."):
            *where, leaf = name.removeprefix("controlnet_cond_embedding.").split(".")
            place = {"conv_in": 0, "conv_out": 14}.get(where[0]) if where[0] != "blocks" else 2 + 2 * int(where[1])
            renamed[name] = f"input_hint_block.{place}.{leaf}"
    return renamed


def to_ldm(names, prefix):
    own = beside_unet(names)
    half = [name for name in names if name not in own]
    unet = {name: key.removeprefix("model.diffusion_model.") for name, key in zip(half, ldm.unet(dict.fromkeys(half), 2))}
    return {name: prefix + renamed for name, renamed in (unet | own).items()}


def flat(names):
    """A T2I-Adapter's names as those who made them have them."""
    def rename(name):
        bare = name.removeprefix("adapter.")
        if not bare.startswith("body."):
            return bare
        _, level, *rest = bare.split(".")
        if rest[0] == "in_conv":
            return f"body.{2 * int(level)}.{'.'.join(rest)}"
        return f"body.{2 * int(level) + int(rest[1])}.{'.'.join(rest[2:])}"

    return {name: rename(name) for name in names}


def controlnet(unet, **changes):
    network = ControlNetModel.from_unet(unet, load_weights_from_unet=False)
    config = {**network.config, "in_channels": 4, **changes}
    return ControlNetModel.from_config(config).eval()


def union(unet, types):
    config = ControlNetUnionModel.from_unet(unet, load_weights_from_unet=False).config
    first = unet.config.block_out_channels[0]
    return ControlNetUnionModel.from_config(config, num_control_type=types, num_trans_channel=first, num_proj_channel=first).eval()


def fill(network, dtype, renamed=None):
    """Gives it the numbers of its file. Returns names, formats and shapes of that."""
    state = network.state_dict()
    renamed = renamed or {name: name for name in state}
    described = {}
    for seed, stored in enumerate(sorted(renamed.values())):
        name = next(own for own, other in renamed.items() if other == stored)
        described[stored] = [dtype, *state[name].shape]
        values = numbers.weight(stored, tuple(state[name].shape), seed, numbers.PERIOD)
        state[name] = values.to(DTYPES[dtype]).float()
    network.load_state_dict(state)
    return {"stored": described}


def check_ldm(network, described, prefix):
    """That diffusers takes the same of such names."""
    stored = {name: torch.full((1,), float(i)) for i, name in enumerate(described["stored"])}
    taken = convert_controlnet_checkpoint(stored, dict(network.config))
    expected = to_ldm(list(network.state_dict()), prefix)
    assert {name: taken[name].item() for name in expected} == {name: stored[other].item() for name, other in expected.items()}


def networks(models):
    """By name: the network, its file, and the model that it is for."""
    made = {}

    def add(name, network, dtype="F32", renamed=None):
        made[name] = (network, fill(network, dtype, renamed))

    for name, prefix in (("edges", "control_model."), ("bare", "")):
        network = controlnet(models["sd1"].unet)
        add(name, network, "F32", to_ldm(list(network.state_dict()), prefix))
        check_ldm(network, made[name][1], prefix)
    add("filling", controlnet(models["sd1"].unet), "F16")
    add("second", controlnet(models["sd2"].unet), "BF16")
    xl = models["sdxl"].unet
    add("xl-full", controlnet(xl), "F16")
    add("xl-mid", controlnet(xl, down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"], transformer_layers_per_block=[0, 0, 1]))
    add("xl-small", controlnet(xl, down_block_types=["DownBlock2D"] * 3, mid_block_type="UNetMidBlock2D", transformer_layers_per_block=[0, 0, 0]))
    add("union", union(xl, 6), "F16")
    add("union-pro", union(xl, 8))
    sketch = T2IAdapter(3, [32, 64, 64, 64], 2, 8, "full_adapter").eval()
    add("t2i", sketch, "F32", flat(list(sketch.state_dict())))
    add("t2i-grey", T2IAdapter(1, [32, 64, 64, 64], 2, 8, "full_adapter").eval(), "F16")
    add("t2i-light", T2IAdapter(3, [32, 64, 64], 4, 8, "light_adapter").eval())
    add("t2i-xl", T2IAdapter(3, [32, 64, 64, 64], 2, 16, "full_adapter_xl").eval())
    return made


def use(name, scale=1, start=0, end=1, preprocessor="none", picture="sketch", **only):
    return dict(name=name, scale=scale, start=start, end=end, preprocessor=preprocessor, picture=picture, **only)


def cases():
    def case(model, *controls, **fields):
        return {**make_pipelines.case("tiny-" + model, **{"steps": 4, **fields}), "controls": list(controls)}

    paint, text = make_pictures.PAINT, make_pictures.TEXT
    yield case("sd1", use("edges", 0.8, preprocessor="canny"))
    yield case("sd1", use("edges", 0.7, 0.2, 0.7), sampler="heun", steps=5, **text)
    yield case("sd1", use("filling", preprocessor="inpaint"), sampler="euler", **paint)
    yield case("sd1", use("filling", 0.5, preprocessor="inpaint"), use("edges", 0.4, preprocessor="invert", picture="odd"), sampler="dpmpp_2m", numImages=2, strength=1, **paint)
    yield case("sd1", use("edges", 0.3, 0, 0.5), use("bare", 0.4, 0.4, 1), use("filling", 0.2), sampler="pndm", steps=6, negativePrompt="red")
    yield case("sd1", use("bare", 0.8, picture="odd"), sampler="ddim", kind="inpaint", picture="odd", mask="odd", inpaintArea="masked", maskPadding=8, composite=True, width=64, height=48)
    yield case("sd1-inpaint", use("edges", 0.6), sampler="euler", strength=1, **paint)
    yield case("sd2", use("second", 0.7), sampler="euler_a", guidanceScale=3)
    yield case("sdxl", use("xl-full", 0.6, preprocessor="canny"), sampler="euler")
    yield case("sdxl", use("xl-mid", 0.8, 0, 0.6), steps=6, negativePrompt="dark", **text)
    yield case("sdxl", use("xl-small", 0.9, preprocessor="inpaint"), sampler="euler", **paint)
    yield case("sdxl", use("xl-full", 0.4), use("xl-small", 0.5, 0.5, 1, preprocessor="invert"), sampler="euler_a", strength=0.9)
    yield case("sdxl", use("union", 0.8, preprocessor="canny", type="lineart"), sampler="euler", strength=0.8)
    yield case("sdxl", use("union", 0.7, 0, 0.6, type="openpose"), sampler="euler_a", strength=0.6, numImages=2, guidanceScale=1)
    yield case("sdxl", use("union-pro", 0.9, type="tile"), sampler="dpmpp_2m", steps=6, negativePrompt="dark", **text)
    yield case("sdxl", use("union-pro", 0.8, preprocessor="inpaint", type="inpaint"), sampler="euler", strength=0.7, **paint)
    yield case("sdxl", use("union-pro", 0.6, type="depth"), use("union", 0.5, 0.3, 1, type="segment", picture="odd"), use("union-pro", 0.4, preprocessor="invert", type="scribble"), sampler="euler", strength=0.9)
    yield case("sd1", use("t2i", 0.6, preprocessor="canny"), sampler="euler", **text)
    yield case("sd1", use("t2i-grey", 0.8, picture="grey"), use("t2i-light", 0.4), **text)
    yield case("sdxl", use("t2i-xl", 0.7, 0, 0.5), sampler="euler", steps=4, **text)


def control_picture(control, case):
    picture = tiny.PICTURES[control["picture"]]
    pixels = np.asarray(picture)
    width, height = make_pipelines.size(case)
    if control["preprocessor"] == "canny":
        pixels = np.asarray(picture.resize((width, height), Image.LANCZOS))
        return Image.fromarray(np.repeat(cv2.Canny(pixels, 100, 200)[..., None], 3, 2))
    if control["preprocessor"] == "invert":
        return Image.fromarray(255 - np.asarray(picture.resize((width, height), Image.LANCZOS)))
    if control["preprocessor"] == "inpaint":
        open_pixels = np.asarray(tiny.MASKS[case["mask"]])[..., None] > 127
        # The union's own example blackens what is open.
        values = np.where(open_pixels, 0 if "type" in control else -1, pixels.astype(np.float32) / 255).astype(np.float32)
        return torch.from_numpy(values.transpose(2, 0, 1)[None])
    return picture


def pipeline_with(plain, made, model, case):
    controls = case["controls"]
    chosen = [made[control["name"]][0] for control in controls]
    is_adapter = isinstance(chosen[0], T2IAdapter)
    is_union = isinstance(chosen[0], ControlNetUnionModel)
    base = plain(model, case)
    xl = "XL" if model.name.startswith("tiny-sdxl") else ""
    kind = make_pipelines.PIPELINES[case["kind"]]
    one = chosen[0] if len(chosen) == 1 else MultiAdapter(chosen) if is_adapter else chosen
    extra = dict(force_zeros_for_empty_prompt=model.zero_empty_negative) if xl else dict(safety_checker=None, requires_safety_checker=False)
    if xl and not is_adapter:
        extra["add_watermarker"] = False
    cls = getattr(diffusers, f"StableDiffusion{xl}AdapterPipeline" if is_adapter else f"StableDiffusion{xl}ControlNet{'Union' if is_union else ''}{kind}Pipeline")
    taken = inspect.signature(cls.__init__).parameters
    parts = {name: part for name, part in base.components.items() if name in taken}
    pipeline = cls(**{**parts, **extra, "adapter" if is_adapter else "controlnet": one})
    pipeline.set_progress_bar_config(disable=True)

    def list_of(values):
        return values[0] if len(values) == 1 and not is_union else values

    def run(prompt, **options):
        pictures = [control_picture(control, case) for control in controls]
        if is_adapter:
            pictures = [picture.convert("L") if control["name"] == "t2i-grey" else picture for control, picture in zip(controls, pictures)]
            options |= dict(image=list_of(pictures), adapter_conditioning_scale=list_of([control["scale"] for control in controls]))
            if xl:
                options["adapter_conditioning_factor"] = controls[0]["end"]
        else:
            options["image" if case["kind"] == "txt2img" and not is_union else "control_image"] = list_of(pictures)
            options |= dict(controlnet_conditioning_scale=list_of([float(control["scale"]) for control in controls]), control_guidance_start=list_of([float(control["start"]) for control in controls]), control_guidance_end=list_of([float(control["end"]) for control in controls]))
            if is_union:
                options["control_mode"] = [TYPES.index(control["type"]) for control in controls]
            # What is not asked for is the size of the control image.
            options.setdefault("width", SIDE[0] if case["picture"] == "sketch" else case["width"])
            options.setdefault("height", SIDE[1] if case["picture"] == "sketch" else case["height"])
        known = inspect.signature(cls.__call__).parameters
        return pipeline(prompt, **{name: value for name, value in options.items() if name in known})

    return run


def main():
    four = (32, 64, 64, 64)
    small = [
        Small("sd1", "sd1", four, make_pictures.SD, [64]),
        Small("sd1-inpaint", "sd1", four, make_pictures.SD, [64], channels=9),
        Small("sd2", "sd2", four, make_pictures.SD, [64]),
        Small("sdxl", "sdxl", (32, 64, 64), make_pictures.XL, [32, 64]),
    ]
    models = {model.name: model for model in small}
    described = {}
    for name, model in models.items():
        with tempfile.TemporaryDirectory() as folder:
            described[name] = {"stored": make_pictures.fill(model, ["F32"], {}, Path(folder) / "model.safetensors")}
        make_pictures.register(model)
    tiny.PICTURES["grey"] = make_pictures.PICTURES["sketch"].convert("L").convert("RGB")
    make_pictures.PICTURES["grey"] = tiny.PICTURES["grey"]
    made = networks(models)
    plain = make_pipelines.pipeline_for
    results = []
    for one in cases():
        make_pipelines.pipeline_for = lambda model, case: pipeline_with(plain, made, copy.copy(model), case)
        painted = make_pictures.paint(one)
        make_pipelines.pipeline_for = plain
        without = make_pictures.paint(one)["images"]
        print(one["model"], one["kind"], [control["name"] for control in one["controls"]], "moves" if without != painted["images"] else "MOVES NOTHING", flush=True)
        results.append({**painted, "model": one["model"].removeprefix("tiny-")})
    controls = {name: file for name, (_, file) in made.items()}
    store.write("controls", {"files": described, "controls": controls, **make_pictures.pictures(), "cases": results})


if __name__ == "__main__":
    main()
