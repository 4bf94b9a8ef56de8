"""What is asked of AUTOMATIC1111's way of painting (make_webui_pipelines.py), and the samplers by their names there."""

from kdiffusion import sampling
from schedules import SCHEDULES


def sample_lcm(model, x, sigmas, noise_sampler, disable=None):
    """modules/sd_samplers_lcm.py: sample_lcm."""
    for sigma, following in zip(sigmas, sigmas[1:]):
        x = model(x, sigma * x.new_ones(len(x)))
        if following > 0:
            x = x + following * noise_sampler(sigma, following)
    return x


# sampler: k-diffusion's function, its default schedule, whether the last sigma above 0 is dropped, whether it draws noise
SAMPLERS = {
    "euler": (sampling.sample_euler, "uniform", False, False),
    "euler_a": (sampling.sample_euler_ancestral, "uniform", False, True),
    "heun": (sampling.sample_heun, "uniform", False, False),
    "dpm2": (sampling.sample_dpm_2, "karras", True, False),
    "dpm2_a": (sampling.sample_dpm_2_ancestral, "karras", True, True),
    "lms": (sampling.sample_lms, "uniform", False, False),
    "ddim": (sampling.sample_euler, "ddim", False, False),
    "lcm": (sample_lcm, "uniform", False, True),
    "dpmpp_2m": (sampling.sample_dpmpp_2m, "karras", False, False),
    "dpmpp_2m_sde": (sampling.sample_dpmpp_2m_sde, "exponential", False, True),
    "dpmpp_2s_a": (sampling.sample_dpmpp_2s_ancestral, "karras", False, True),
    "dpmpp_sde": (sampling.sample_dpmpp_sde, "karras", False, True),
    "dpmpp_3m_sde": (sampling.sample_dpmpp_3m_sde, "exponential", True, True),
}
DEFAULTS = dict(
    kind="img2img", prompt="a photo of a strawberry", negativePrompt="", picture="sketch", resizeMode="stretch", strength=0.75, steps=8,
    stepPolicy="proportional", sampler="dpmpp_2m", schedule="automatic", guidanceScale=7, clipSkip=1, seed=1, numImages=1, variationSeed=0,
    variationStrength=0, colorCorrection=False, maskGrow=0, maskBlur=4, maskedContent="original", inpaintArea="whole", maskPadding=32,
    composite=True, soft=False, width=96, height=64, rng="cpu",
)
LONG = "a wide field of red and yellow flowers under a heavy sky, painted with a broad brush, " * 5


def case(model, **fields):
    return {"model": model, **DEFAULTS, **fields}


def cases():
    for sampler in SAMPLERS:
        for strength in (0.35, 1):
            yield case("tiny-sd1", sampler=sampler, strength=strength, seed=len(sampler))
    for schedule in SCHEDULES:
        if not schedule.endswith("_xl"):
            yield case("tiny-sd1", schedule=schedule, steps=10)
    yield case("tiny-sdxl", schedule="align_your_steps", steps=10)
    for mode in ("crop", "fill", "latent"):
        yield case("tiny-sd1", picture="large" if mode == "latent" else "tall", resizeMode=mode)
    yield case("tiny-sd1", steps=4, strength=0.3, stepPolicy="exact")
    yield case("tiny-sd1", numImages=3, seed=77, colorCorrection=True)
    yield case("tiny-sd1", numImages=2, seed=5, variationSeed=9, variationStrength=0.3)
    for sampler in ("dpmpp_2m", "euler_a"):
        yield case("tiny-sd1", rng="nv", sampler=sampler, seed=2**32 - 2, numImages=2)
    yield case("tiny-sd1", prompt="a (red:1.4) bowl, [dark] ((night)) sky \\(really\\)", negativePrompt="(blurry)")
    yield case("tiny-sd1", prompt=LONG, negativePrompt="dark")
    yield case("tiny-sd1", prompt=LONG, negativePrompt=LONG[:300], numImages=2)
    yield case("tiny-sd1", prompt="red apple BREAK (green leaf:1.2), (a BREAK b)")
    yield case("tiny-sd1", clipSkip=2)
    yield case("tiny-sd1", clipSkip=3, prompt="oil (painting:0.7)")
    yield case("tiny-sd1", guidanceScale=1)
    yield case("tiny-sd2", prompt="night sky over the (sea:1.3)", steps=12)
    yield case("tiny-sd2", sampler="euler_a", strength=0.5)
    yield case("tiny-sdxl", negativePrompt="dark, (ugly:1.2)", prompt="a blue (bowl) on a table")
    yield case("tiny-sdxl", sampler="euler", numImages=2)
    yield case("tiny-sdxl-refiner", sampler="euler", strength=0.3)
    yield case("tiny-sd1-inpaint", strength=0.5)
    paint = dict(kind="inpaint", mask="block")
    for content in ("original", "fill", "noise", "empty"):
        for blur in (0, 4):
            yield case("tiny-sd1", **paint, maskedContent=content, maskBlur=blur)
            yield case("tiny-sd1", **{**paint, "picture": "large", "mask": "corner"}, inpaintArea="masked", maskedContent=content, maskBlur=blur,
                       maskPadding=8 if blur else 24, width=72, height=64)
    for mode in ("crop", "fill"):
        yield case("tiny-sd1", kind="inpaint", picture="tall", mask="two", resizeMode=mode, maskBlur=3)
        yield case("tiny-sd1", kind="inpaint", picture="odd", mask="odd", resizeMode=mode, width=64, height=80)
    yield case("tiny-sd1", **{**paint, "mask": "corner"}, maskGrow=5, maskBlur=2)
    yield case("tiny-sd1", **paint, composite=False, strength=1)
    yield case("tiny-sd1", **paint, sampler="euler_a", numImages=2, seed=8, maskedContent="noise")
    yield case("tiny-sd1", kind="inpaint", picture="large", mask="small", inpaintArea="masked", maskPadding=0, width=64, height=96, numImages=2)
    yield case("tiny-sd1", **{**paint, "mask": "ramp"}, soft=True, maskBlur=0)
    yield case("tiny-sd1", **{**paint, "mask": "ramp"}, soft=True, maskBlur=6, sampler="heun", strength=1)
    yield case("tiny-sd1-inpaint", **{**paint, "mask": "ramp"}, soft=True, maskBlur=3)
    yield case("tiny-sdxl-inpaint", sampler="euler_a", strength=0.6)
    yield case("tiny-sd2-inpaint", **paint, sampler="heun", maskedContent="noise", numImages=2)
    for model in ("tiny-sd1-inpaint", "tiny-sd2", "tiny-sd2-inpaint", "tiny-sdxl", "tiny-sdxl-inpaint"):
        yield case(model, **paint, strength=0.9)
        yield case(model, kind="inpaint", picture="large", mask="small", inpaintArea="masked", maskedContent="fill", colorCorrection=True)
    for content in ("original", "fill", "noise"):
        yield case("tiny-sd1", **paint, extendLeft=16, extendBottom=24, width=112, height=88, maskedContent=content, strength=0.9)
    yield case("tiny-sd1-inpaint", **paint, extendTop=8, extendRight=40, width=136, height=72, maskBlur=2, strength=1)
    yield case("tiny-sd1", kind="inpaint", picture="tall", mask="two", extendTop=32, inpaintArea="masked", maskPadding=16, width=64, height=64)
