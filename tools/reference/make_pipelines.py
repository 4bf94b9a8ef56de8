"""pipelines.json.gz: whole pictures by diffusers' img2img and inpaint pipelines on the tiny models, their VAE giving the posterior's mean."""

import logging
import warnings

import diffusers
import numpy as np
import torch

import store
from make_diffusers import CLASSES
from tiny import PICTURES, canvas, stored_pictures, tiny

warnings.filterwarnings("ignore")
diffusers.utils.logging.set_verbosity_error()
logging.disable(logging.WARNING)

CURVES = {"karras": {"use_karras_sigmas": True}, "exponential": {"use_exponential_sigmas": True}, "beta": {"use_beta_sigmas": True}}
PIPELINES = {"txt2img": "", "img2img": "Img2Img", "inpaint": "Inpaint"}
SPACINGS = {"sgm_uniform": "trailing", "ddim": "leading", "uniform": "linspace"}
DEFAULTS = dict(
    prompt="a photo of a strawberry", negativePrompt="", picture="sketch", strength=0.75, steps=8, sampler="dpmpp_2m", schedule="automatic",
    guidanceScale=7.5, guidanceRescale=0, clipSkip=1, seed=1, numImages=1, kind="img2img", inpaintArea="whole", maskPadding=32, composite=False,
)


def case(model, **fields):
    return {"model": model, **DEFAULTS, **fields}


def cases():
    for sampler in ("euler", "euler_a", "heun", "dpm2", "ddim", "unipc", "dpmpp_2m", "dpmpp_2m_sde"):
        for strength in (0.4, 0.75, 1):
            yield case("tiny-sd1", sampler=sampler, strength=strength, seed=len(sampler) + int(strength * 10))
    for sampler in ("pndm", "lms"):
        for strength in (0.4, 0.75, 0.9, 1):
            yield case("tiny-sd1", sampler=sampler, strength=strength)
            yield case("tiny-sd1", sampler=sampler, strength=strength, kind="inpaint", mask="block", steps=7)
        yield case("tiny-sd2", sampler=sampler, strength=0.6, negativePrompt="red")
    yield case("tiny-sd1", sampler="lms", schedule="karras", strength=0.5, steps=12)
    for sampler in ("ddim", "pndm"):
        for schedule in ("uniform", "sgm_uniform"):
            yield case("tiny-sd1", sampler=sampler, schedule=schedule, steps=7, strength=0.8)
            yield case("tiny-sd2", sampler=sampler, schedule=schedule, steps=7, strength=0.6, kind="inpaint", mask="block")
    yield case("tiny-sd1", sampler="euler", schedule="sgm_uniform", steps=61, strength=0.1)
    yield case("tiny-sd1", sampler="dpm2_a", schedule="karras", strength=0.8)
    yield case("tiny-sd1", sampler="dpmpp_2m", strength=0.8, scheduler={"final_sigmas_type": "sigma_min"})
    # What the pipelines for SD 1 and 2 set right in a configuration, and those for XL do not.
    for model in ("tiny-sd1", "tiny-sdxl"):
        for paints in ({}, {"kind": "inpaint", "mask": "block"}):
            yield case(model, sampler="ddim", scheduler={"clip_sample": True, "clip_sample_range": 1.6, "steps_offset": 0}, **paints)
            yield case(model, sampler="euler", scheduler={"timestep_spacing": "leading", "steps_offset": 0}, **paints)
    for negative in ("", "dark, ugly"):
        yield case("tiny-sd1-short", negativePrompt=negative, picture="tall")
    yield case("tiny-sd1-short", prompt="a photo of a strawberry on a white plate, red, " * 2, clipSkip=2)
    yield case("tiny-sd1-short", kind="inpaint", mask="block", sampler="euler", strength=0.8)
    for schedule in ("karras", "exponential", "beta", "sgm_uniform", "ddim", "uniform"):
        yield case("tiny-sd1", schedule=schedule, steps=12, prompt="a blue bowl on a table")
    for guidance in (1, 3, 12):
        yield case("tiny-sd1", guidanceScale=guidance, picture="tall", negativePrompt="dark, ugly")
    yield case("tiny-sd1", numImages=3, seed=4294967290)
    yield case("tiny-sd1", clipSkip=2, picture="odd", negativePrompt="blurry")
    yield case("tiny-sd1", clipSkip=3)
    yield case("tiny-sd1", prompt="(very:1.4) long, " * 30, steps=4)
    yield case("tiny-sd1", prompt="", steps=25, strength=0.6)
    for sampler in ("dpmpp_2m", "euler", "ddim", "unipc", "euler_a"):
        yield case("tiny-sd2", sampler=sampler, picture="tall", prompt="night sky over the sea", negativePrompt="red")
        yield case("tiny-sdxl", sampler=sampler, guidanceScale=5, picture="tall" if sampler == "euler" else "sketch")
    yield case("tiny-sd2", schedule="karras", strength=0.5, numImages=2)
    yield case("tiny-sdxl", negativePrompt="blurry, dark", guidanceRescale=0.7, numImages=2)
    yield case("tiny-sdxl", clipSkip=2, schedule="karras")
    zero = {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    for sampler in ("euler", "ddim", "dpmpp_2m"):
        yield case("tiny-sd2", scheduler=zero, sampler=sampler, strength=1 if sampler == "ddim" else 0.7)
    for strength in (0.5, 1):
        yield case("tiny-sd1", scheduler={"timestep_spacing": "trailing"}, sampler="euler_a", steps=2, strength=strength, guidanceScale=1)
    yield case("tiny-sdxl-refiner", sampler="euler", strength=0.3, steps=20)
    yield case("tiny-sdxl-refiner", sampler="euler", guidanceScale=1, strength=0.5)
    yield case("tiny-lcm", sampler="lcm", steps=4, guidanceScale=8.5)
    yield case("tiny-lcm", sampler="lcm", steps=8, strength=0.5, guidanceScale=3)
    paint = dict(kind="inpaint", mask="block")
    for model in ("tiny-sd1", "tiny-sd1-inpaint", "tiny-sd2", "tiny-sd2-inpaint", "tiny-sdxl", "tiny-sdxl-inpaint"):
        for strength in (0.5, 1):
            yield case(model, **paint, strength=strength, sampler="dpmpp_2m" if strength == 1 else "unipc" if model == "tiny-sd2-inpaint" else "euler")
        yield case(model, kind="inpaint", picture="tall", mask="two", strength=0.8, numImages=2, sampler="ddim")
    for sampler in ("euler_a", "heun", "unipc", "pndm", "dpmpp_2m_sde"):
        yield case("tiny-sd1", **paint, sampler=sampler, strength=1)
    for sampler in ("dpm2", "dpm2_a", "lcm"):
        yield case("tiny-sd1", **paint, sampler=sampler, strength=0.8, guidanceScale=12)
    yield case("tiny-sdxl", **paint, sampler="dpm2", schedule="exponential", steps=9, clipSkip=2, guidanceRescale=0.5)
    for sampler, schedule in (("dpmpp_2m", "automatic"), ("unipc", "sgm_uniform"), ("euler", "uniform")):
        yield case("tiny-sd1", sampler=sampler, schedule=schedule, steps=30, strength=0.6)
    yield case("tiny-sd1", kind="inpaint", picture="odd", mask="odd", strength=0.9)
    for padding in (0, 12, 40):
        for mask in ("corner", "small"):
            yield case("tiny-sd1", kind="inpaint", picture="large", mask=mask, inpaintArea="masked", maskPadding=padding, composite=True,
                       strength=0.8, width=64, height=96 if padding == 12 else 64)
    yield case("tiny-sd1-inpaint", kind="inpaint", picture="large", mask="small", inpaintArea="masked", maskPadding=16, composite=True,
               strength=1, width=72, height=64)
    for model in ("tiny-sd1", "tiny-sd1-inpaint"):
        yield case(model, **paint, extendLeft=24, extendBottom=16, width=120, height=80, strength=0.9)


def scheduler_for(model, case):
    name, fixed, _ = CLASSES[case["sampler"]]
    options = model.scheduler_json | case.get("scheduler", {})
    schedule = case["schedule"]
    if schedule in CURVES:
        options = {key: value for key, value in options.items() if not key.startswith("use_")} | CURVES[schedule]
    elif schedule in SPACINGS:
        options = {key: value for key, value in options.items() if not key.startswith("use_")} | {"timestep_spacing": SPACINGS[schedule]}
    options.pop("_class_name", None)
    cls = getattr(diffusers, name)
    # What the configuration says itself goes before what belongs to Stable Diffusion.
    return cls.from_config({**options, **fixed, **case.get("scheduler", {})})


def pipeline_for(model, case):
    kind = case["kind"]
    parts = dict(vae=model.vae, unet=model.unet, scheduler=scheduler_for(model, case))
    if model.name.startswith("tiny-sdxl"):
        parts |= dict(text_encoder=model.text_encoders[0], text_encoder_2=model.text_encoders[1], tokenizer=model.tokenizers.get("tokenizer"),
                      tokenizer_2=model.tokenizers["tokenizer_2"], force_zeros_for_empty_prompt=model.zero_empty_negative, add_watermarker=False,
                      requires_aesthetics_score=model.name.endswith("refiner"))
        if kind == "txt2img":
            del parts["requires_aesthetics_score"]  # It cannot paint with a refiner.
        cls = getattr(diffusers, f"StableDiffusionXL{PIPELINES[kind]}Pipeline")
    else:
        parts |= dict(text_encoder=model.text_encoders[0], tokenizer=model.tokenizers["tokenizer"], safety_checker=None, feature_extractor=None)
        cls = getattr(diffusers, f"StableDiffusion{PIPELINES[kind]}Pipeline")
    pipeline = cls(**parts)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def size(case):
    if case["kind"] == "txt2img":
        return case["width"], case["height"]
    image = PICTURES[case["picture"]]
    return case.get("width", image.width // 8 * 8), case.get("height", image.height // 8 * 8)


@torch.no_grad()
def run(case):
    model = tiny(case["model"])
    width, height = size(case)
    options = dict(num_inference_steps=case["steps"], guidance_scale=case["guidanceScale"],
                   num_images_per_prompt=case["numImages"], output_type="pil",
                   generator=[torch.Generator().manual_seed(case["seed"] + i) for i in range(case["numImages"])])
    xl = model.name.startswith("tiny-sdxl")
    negative = case["negativePrompt"]
    options["negative_prompt"] = None if xl and negative == "" else negative
    if case["clipSkip"] > 1:
        options["clip_skip"] = case["clipSkip"] - 1
    if xl or case["kind"] == "txt2img":
        options["guidance_rescale"] = case["guidanceRescale"]
    if case["kind"] == "txt2img":
        options |= dict(width=width, height=height)
    else:
        options |= dict(image=PICTURES[case["picture"]], strength=case["strength"])
    if case["kind"] == "inpaint":
        image, mask = canvas(case)
        options |= dict(image=image, mask_image=mask, width=width, height=height)
        if case["inpaintArea"] == "masked":
            options["padding_mask_crop"] = case["maskPadding"]
    images = pipeline_for(model, case)(case["prompt"], **options).images
    return {**case, "width": width, "height": height, "images": [store.octets(np.asarray(i)) for i in images]}


def make():
    results = []
    for number, one in enumerate(cases()):
        try:
            results.append(run(one))
        except Exception as error:
            raise RuntimeError(f"case {number}: {one}") from error
    print(len(results), "cases")
    store.write("pipelines", {**stored_pictures(store), "cases": results})


if __name__ == "__main__":
    make()
