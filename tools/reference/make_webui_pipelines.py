"""webui-pipelines.json.gz: whole pictures as AUTOMATIC1111 v1.10 makes them, by k-diffusion, Pillow and OpenCV on the tiny models."""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageFilter

import prompts
import store
import webui
from make_rng import philox_draw
from schedules import SCHEDULES, Model, lcm_model
from tiny import PICTURES, canvas, stored_pictures, tiny
from webui_cases import SAMPLERS, cases

NOISE = Model()
DISTILLED = lcm_model(NOISE)


class Denoiser:
    """k-diffusion's wrapper of an epsilon or v model, guidance in x0 space, and the blend with what the mask keeps."""

    def __init__(self, model, case, cond, uncond, inpaint, init, mask):
        self.model, self.case, self.cond, self.uncond = model, case, cond, uncond
        self.inpaint, self.init, self.mask = inpaint, init, mask

    def __call__(self, x, sigma, **_):
        sigma = float(sigma[0])
        denoised = self.branch(x, sigma, self.cond)
        if self.case["guidanceScale"] != 1:
            uncond = self.branch(x, sigma, self.uncond)
            denoised = uncond + self.case["guidanceScale"] * (denoised - uncond)
        if self.mask is None:
            return denoised
        mask = self.mask_at(sigma)
        return denoised * mask + self.init * (1 - mask)

    def mask_at(self, sigma):
        if not self.case["soft"]:
            return self.mask
        threshold = NOISE.sigma_to_t(sigma) / NOISE.sigma_to_t(self.first)
        return ((self.mask >= threshold) & (self.mask > 0)).float()

    def branch(self, x, sigma, cond):
        n = len(x)
        scale = (sigma**2 + 1) ** -0.5
        sample = x * scale
        if self.inpaint is not None:
            sample = torch.cat([sample, self.inpaint.repeat(n, 1, 1, 1)], 1)
        t = torch.tensor(float(self.timestep(sigma)), dtype=torch.float32)
        if self.model.era in ("optimum-1.6", "optimum-1.23"):
            t = t.round()
        added = {k: v.repeat(n, 1) for k, v in cond["added"].items()} or None
        out = self.model.unet(sample, t, cond["context"].repeat(n, 1, 1), added_cond_kwargs=added, return_dict=False)[0]
        if self.model.unet.predicts_v:
            return x * scale**2 - sigma * scale * out
        denoised = x - sigma * out
        if self.case["sampler"] == "lcm":
            scaled = t * 10
            return scaled / (scaled**2 + 0.25) ** 0.5 * denoised + 0.25 / (scaled**2 + 0.25) * x
        return denoised

    def timestep(self, sigma):
        """Fractional; for a model distilled to fifty the nearest of those."""
        if self.case["sampler"] == "lcm":
            return np.abs(np.log(sigma) - DISTILLED.log_sigmas).argmin() * 20 + 19
        return NOISE.sigma_to_t(sigma)


def condition(model, case, prompt, score, is_negative=False):
    is_xl = model.name.startswith("tiny-sdxl")

    def layer(encoder, outputs):
        if is_xl:
            return outputs.hidden_states[-2]
        if case["clipSkip"] == 1:
            return outputs.last_hidden_state
        return encoder.final_layer_norm(outputs.hidden_states[-case["clipSkip"]])

    parts, pooled = [], None
    for name, encoder in zip(("tokenizer", "tokenizer_2"), model.text_encoders):
        if encoder is None:
            continue
        tokenizer = model.tokenizers[name]
        pad = 0 if name == "tokenizer_2" or model.pad_token == "!" else tokenizer.eos_token_id
        hidden, pooled = prompts.encode(prompt, encoder, tokenizer, pad, layer)
        parts.append(hidden)
    context = torch.cat(parts, -1)
    if not is_xl:
        return {"context": context, "added": {}}
    if is_negative and prompt == "":
        context, pooled = torch.zeros_like(context), torch.zeros_like(pooled)
    size = [case["height"], case["width"]]
    ids = [*size, 0, 0, *([score] if model.name.endswith("refiner") else size)]
    return {"context": context, "added": {"text_embeds": pooled, "time_ids": torch.tensor([ids], dtype=torch.float32)}}


def sigmas_for(model, case, steps):
    _, default, drops, _ = SAMPLERS[case["sampler"]]
    name = default if case["schedule"] == "automatic" else case["schedule"]
    if name == "align_your_steps" and model.name.startswith("tiny-sdxl"):
        name += "_xl"
    sigmas = SCHEDULES[name](steps + 1 if drops else steps, DISTILLED if case["sampler"] == "lcm" else NOISE)
    return torch.tensor(np.concatenate([sigmas[:-2], sigmas[-1:]]) if drops else sigmas)


def plan(case):
    share = min(case["strength"], 0.999)
    if case["stepPolicy"] == "exact":
        return int(case["steps"] / share), case["steps"] - 1
    return case["steps"], int(share * case["steps"])


def slerp(strength, low, high):
    dot = (low / low.norm(dim=1, keepdim=True) * (high / high.norm(dim=1, keepdim=True))).sum(1)
    if dot.mean() > 0.9995:
        return low * strength + high * (1 - strength)
    omega = torch.acos(dot)
    so = torch.sin(omega)
    return (torch.sin((1 - strength) * omega) / so).unsqueeze(1) * low + (torch.sin(strength * omega) / so).unsqueeze(1) * high


class Noise:
    """One generator per image."""

    def __init__(self, case):
        varies = case["variationStrength"] > 0
        self.shape = (4, case["height"] // 8, case["width"] // 8)
        self.case = case
        self.last, self.draws = (None, None, None), 0
        self.seeds = [case["seed"] + (0 if varies else i) for i in range(case["numImages"])]
        self.generators = [torch.Generator().manual_seed(s) for s in self.seeds]

    def fresh(self):
        if self.case["rng"] == "nv":
            size, self.draws = int(np.prod(self.shape)), self.draws + 1
            return torch.stack([torch.from_numpy(philox_draw(s, self.draws - 1, size).reshape(self.shape)) for s in self.seeds])
        return torch.stack([torch.randn(self.shape, generator=g) for g in self.generators])

    def draw(self, sigma, end):
        """Of two intervals that begin at one sigma the longer contains the shorter's noise, as in Brownian motion."""
        noise, (start, first_end, first) = self.fresh(), self.last
        if start is not None and float(start) == float(sigma):
            part = (sigma - first_end) / (sigma - end)
            noise = part.sqrt() * first + (1 - part).sqrt() * noise
        self.last = (sigma, end, noise)
        return noise

    def first(self):
        noise = self.fresh()
        strength = self.case["variationStrength"]
        if strength > 0:
            for i in range(len(noise)):
                other = torch.randn(self.shape, generator=torch.Generator().manual_seed(self.case["variationSeed"] + i))
                noise[i] = slerp(strength, noise[i], other)
        return noise

    def of_seeds(self):
        return torch.stack([torch.randn(self.shape, generator=torch.Generator().manual_seed(s)) for s in self.seeds])


def tensor(image):
    return torch.from_numpy(np.asarray(image).astype(np.float32) / 255).permute(2, 0, 1)[None] * 2 - 1


def prepare(case):
    """Working image, mask of its size, and what puts a result back."""
    if case["kind"] == "txt2img":
        return None, None, lambda result: result
    width, height = case["width"], case["height"]
    if case["kind"] == "img2img":
        image, latent = PICTURES[case["picture"]], case["resizeMode"] == "latent"
        sized = image.resize((image.width // 8 * 8, image.height // 8 * 8), webui.LANCZOS) if latent else webui.fit(image, width, height, case["resizeMode"])
        return sized, None, lambda result: result
    image, mask = canvas(case)
    mask = mask.resize(image.size, Image.Resampling.BILINEAR)
    if case["maskGrow"]:
        mask = mask.filter(ImageFilter.MaxFilter(2 * case["maskGrow"] + 1))
    mask = webui.blur_mask(mask, case["maskBlur"])
    box = None
    if case["inpaintArea"] == "masked":
        box = webui.crop_region(mask, case["maskPadding"], width, height)
        overlay = webui.make_overlay(image, mask)
        image = webui.fit(image.crop(box), width, height, "fill")
        mask = webui.fit(mask.crop(box), width, height, "fill").convert("L")
    else:
        image = webui.fit(image, width, height, case["resizeMode"])
        mask = webui.fit(mask, width, height, case["resizeMode"]).convert("L")
        overlay = webui.make_overlay(image, webui.overlay_mask(mask))
    if case["maskedContent"] != "original":
        image = webui.fill(image, mask)
    return image, mask, lambda result: webui.apply_overlay(result, overlay, box) if case["composite"] else result


def inpaint_conditioning(model, case, image, mask):
    if model.unet.config.in_channels != 9:
        return None
    if image is None:
        # modules/processing.py: txt2img_image_conditioning
        grey = torch.ones(1, 3, case["height"], case["width"]) * 0.5
        latents = model.vae.mean(grey * 2 - 1) * model.vae.config.scaling_factor
        return F.pad(latents, (0, 0, 0, 0, 1, 0), value=1.0)
    hole = torch.ones(1, 1, image.height, image.width) if mask is None else torch.from_numpy(np.asarray(mask).astype(np.float32) / 255)[None, None]
    if not case["soft"]:
        hole = hole.round()
    source = tensor(image) * (1 - hole)
    latents = model.vae.mean(source) * model.vae.config.scaling_factor
    return torch.cat([F.interpolate(hole, size=latents.shape[-2:]), latents], 1)


@torch.no_grad()
def run(case):
    model = tiny(case["model"])
    image, pixel_mask, finish = prepare(case)
    factor = model.vae.config.scaling_factor
    size = (case["height"] // 8, case["width"] // 8)
    init = torch.zeros(1, 4, *size) if image is None else model.vae.mean(tensor(image)) * factor
    if init.shape[-2:] != size:
        init = F.interpolate(init, size=size, mode="bilinear")
    init = init.repeat(case["numImages"], 1, 1, 1)
    noise = Noise(case)
    mask = None
    if pixel_mask is not None:
        mask = torch.from_numpy(webui.latent_mask(pixel_mask, size[1], size[0], not case["soft"]))[None, None]
        if case["maskedContent"] == "noise":
            init = init * (1 - mask) + noise.of_seeds() * mask
        elif case["maskedContent"] == "empty":
            init = init * (1 - mask)
    steps, start = plan(case)
    sigmas = sigmas_for(model, case, steps)
    if image is not None:
        sigmas = sigmas[steps - start - 1 :]
    sigmas = sigmas.float()
    cond = condition(model, case, case["prompt"], 6.0)
    uncond = condition(model, case, case["negativePrompt"], 2.5, is_negative=True)
    denoiser = Denoiser(model, case, cond, uncond, inpaint_conditioning(model, case, image, pixel_mask), init, mask)
    denoiser.first = float(sigmas[0])
    sample, _, _, draws = SAMPLERS[case["sampler"]]
    options = {"noise_sampler": noise.draw} if draws else {}
    # Timestep samplers begin with what is unit noise in their own space, x / (1 + sigma^2)^0.5.
    first = (sigmas[0] ** 2 + 1) ** 0.5 if image is None and case["sampler"] == "ddim" else sigmas[0]
    x = sample(denoiser, init + noise.first() * first, sigmas, disable=True, **options)
    if mask is not None:
        last = denoiser.mask_at(float(NOISE.sigma_min)) if case["soft"] else mask
        x = x * last + init * (1 - last)
    pictures = []
    for latents in x:
        decoded = model.vae.decode(latents[None] / factor)[0][0]
        array = (((decoded + 1) / 2).clamp(0, 1) * 255).permute(1, 2, 0).numpy().astype(np.uint8)
        result = Image.fromarray(array)
        if case["colorCorrection"]:
            result = webui.correct_colors(result, image)
        pictures.append(store.octets(np.asarray(finish(result))))
    return {**case, "images": pictures}


def make():
    results = []
    for number, one in enumerate(cases()):
        try:
            results.append(run(one))
        except Exception as error:
            raise RuntimeError(f"case {number}: {one}") from error
    print(len(results), "cases")
    store.write("webui-pipelines", {**stored_pictures(store), "cases": results})


if __name__ == "__main__":
    make()
