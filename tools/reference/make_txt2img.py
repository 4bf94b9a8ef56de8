"""txt2img.json.gz and webui-txt2img.json.gz: whole pictures from noise alone, by diffusers' pipelines and in AUTOMATIC1111's way."""

import make_pipelines as diffusers_way
import make_webui_pipelines as webui_way
import store
from webui_cases import SAMPLERS, case as webui_case

TEXT = dict(kind="txt2img", width=64, height=64)
# What has no meaning without a picture to begin from.
OF_PICTURES = ("picture", "strength", "stepPolicy", "resizeMode", "colorCorrection", "maskGrow", "maskBlur", "maskedContent", "inpaintArea",
               "maskPadding", "composite", "soft")


def diffusers_cases():
    def one(model, **fields):
        return diffusers_way.case(model, **{**TEXT, **fields})

    for sampler in ("euler", "euler_a", "heun", "dpm2", "dpm2_a", "lms", "ddim", "unipc", "pndm", "dpmpp_2m", "dpmpp_2m_sde"):
        yield one("tiny-sd1", sampler=sampler, seed=len(sampler))
    for schedule in ("karras", "sgm_uniform", "ddim"):
        yield one("tiny-sd1", sampler="euler", schedule=schedule, width=72, height=96)
    yield one("tiny-sd1", sampler="ddim", scheduler={"clip_sample": True, "clip_sample_range": 1.6, "steps_offset": 0})
    yield one("tiny-sd1", numImages=2, guidanceRescale=0.7, negativePrompt="dark, ugly")
    yield one("tiny-sd1", guidanceScale=1, clipSkip=2)
    for sampler in ("dpmpp_2m", "euler"):
        yield one("tiny-sd2", sampler=sampler, negativePrompt="red")
        yield one("tiny-sdxl", sampler=sampler, guidanceScale=5, negativePrompt="" if sampler == "euler" else "blurry")
    yield one("tiny-sd2", sampler="ddim", scheduler={"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"})
    yield one("tiny-lcm", sampler="lcm", steps=4, guidanceScale=8.5)


def webui_cases():
    def one(model, **fields):
        return webui_case(model, **{**TEXT, **fields})

    for sampler in SAMPLERS:
        yield one("tiny-sd1", sampler=sampler, seed=len(sampler))
    yield one("tiny-sd1", schedule="karras", sampler="euler", rng="nv", width=72, height=96)
    yield one("tiny-sd1", numImages=2, seed=5, variationSeed=9, variationStrength=0.3)
    yield one("tiny-sd1", prompt="a (red:1.4) bowl, [dark] sky", negativePrompt="(blurry)", clipSkip=2, steps=25)
    yield one("tiny-sd2", sampler="euler_a")
    yield one("tiny-sdxl", negativePrompt="dark", numImages=2)
    yield one("tiny-sdxl-refiner", sampler="euler")
    for model in ("tiny-sd1-inpaint", "tiny-sdxl-inpaint"):
        yield one(model)


def make():
    for name, way, cases in (("txt2img", diffusers_way, diffusers_cases()), ("webui-txt2img", webui_way, webui_cases())):
        painted = [way.run(one) for one in cases]
        results = [{key: value for key, value in one.items() if key not in OF_PICTURES} for one in painted]
        print(len(results), "cases")
        store.write(name, {"pictures": {}, "masks": {}, "cases": results})


if __name__ == "__main__":
    make()
