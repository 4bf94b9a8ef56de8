"""webui-prompts.json.gz: whole pictures as AUTOMATIC1111 v1.10 makes them of prompts that change between steps, of several that AND joins, and with its hires. fix.

Schedules are those of make_prompt_schedules.py; steps count calls of the model from 0, as CFGDenoiser does there, out of all steps wherever a picture is begun from.
"""

import base64

import make_webui_pipelines as webui_pipelines
import numpy as np
import store
import webui
from make_prompt_schedules import joined, schedule
from PIL import Image
from tiny import MASKS, PICTURES
from webui_cases import case

TWICE = ("heun", "dpm2", "dpm2_a", "dpmpp_2s_a", "dpmpp_sde")
plain_condition = webui_pipelines.condition


def counted(case):
    return case["steps"] * (2 if case["sampler"] in TWICE else 1)


def condition(model, case, prompt, score, is_negative=False):
    def encoded(text):
        return [(end, plain_condition(model, case, own, score, is_negative)) for end, own in schedule(text, counted(case), case.get("before"))]

    return encoded(prompt) if is_negative else [(weight, encoded(text)) for text, weight in joined(prompt)]


def at(entries, step):
    return next((cond for end, cond in entries if step <= end), entries[0][1])


class Denoiser(webui_pipelines.Denoiser):
    step = 0

    def __call__(self, x, sigma, **_):
        sigma, step = float(sigma[0]), self.step
        self.step += 1
        uncond = self.branch(x, sigma, at(self.uncond, step))
        denoised = uncond.clone()
        for weight, entries in self.cond:
            denoised += (self.branch(x, sigma, at(entries, step)) - uncond) * (weight * self.case["guidanceScale"])
        if self.mask is None:
            return denoised
        mask = self.mask_at(sigma)
        return denoised * mask + self.init * (1 - mask)


def cases():
    small = dict(width=64, height=64, steps=6)
    yield case("tiny-sd1", prompt="a [red:blue:0.5] (bowl:1.2)", **small)
    yield case("tiny-sd1", prompt="a [cow|horse|(pig:1.3)] in a field", negativePrompt="[dark|ugly]", sampler="euler_a", strength=0.9, **small)
    yield case("tiny-sd1", prompt="a cat AND a [dog:bird:3] :0.6 AND night sky:-0.3", **small)
    yield case("tiny-sd1", prompt="a [red::5] bowl", sampler="heun", strength=0.6, stepPolicy="exact", **small)
    yield case("tiny-sdxl", prompt="[blue:red [wide|deep]:2] sky AND a table", guidanceScale=1, kind="inpaint", mask="block", **small)
    yield case("tiny-sd1", prompt="a [red:blue:1.5] bowl [by night:8]", kind="txt2img", enlarging={"factor": 1.5, "upscaler": None, "hires": {"strength": 0.6, "steps": 4}}, **small)


def run(case):
    painted = webui_pipelines.run(case)
    if "enlarging" not in case:
        return painted
    factor, hires = case["enlarging"]["factor"], case["enlarging"]["hires"]
    width, height = (int(side * factor) // 8 * 8 for side in (case["width"], case["height"]))
    first = Image.fromarray(np.frombuffer(base64.b64decode(painted["images"][0]), np.uint8).reshape(case["height"], case["width"], 3))
    PICTURES["enlarged"] = first.resize((width, height), webui.LANCZOS)
    again = {**case, **hires, "kind": "img2img", "picture": "enlarged", "stepPolicy": "exact", "width": width, "height": height, "before": counted(case)}
    return {**painted, "images": webui_pipelines.run(again)["images"]}


def make():
    webui_pipelines.condition, webui_pipelines.Denoiser = condition, Denoiser
    results = [run(one) for one in cases()]
    for one in results:
        if one["kind"] == "txt2img":
            for name in ("picture", "strength", "resizeMode", "stepPolicy", "colorCorrection"):
                del one[name]
    stored = {name: {"width": image.width, "height": image.height, "data": store.octets(np.asarray(image))} for name, image in {"sketch": PICTURES["sketch"], "block": MASKS["block"]}.items()}
    store.write("webui-prompts", {"pictures": {"sketch": stored["sketch"]}, "masks": {"block": stored["block"]}, "cases": results})


if __name__ == "__main__":
    make()
