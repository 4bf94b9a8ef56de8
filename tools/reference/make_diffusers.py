"""diffusers.json.gz: the steps that diffusers' scheduler classes lay out, and their trajectories on an analytic model with given noise."""

import diffusers
import numpy as np
import torch

import store
from make_samplers import Noise
from schedules import Model

SIZE = 12
SPREAD = 0.3

STABLE_DIFFUSION = dict(
    num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1,
)
KARRAS, EXPONENTIAL, BETA = ({f"use_{curve}_sigmas": True} for curve in ("karras", "exponential", "beta"))
LINSPACE, LEADING, TRAILING = ({"timestep_spacing": spacing} for spacing in ("linspace", "leading", "trailing"))
ALL_CURVES = [{}, LEADING, TRAILING, KARRAS, EXPONENTIAL, BETA, {**LEADING, **KARRAS}]
CLIPPED = {"clip_sample": False}

# sampler: class, options that are the sampler's and not the configuration's, configurations
CLASSES = {
    "euler": ("EulerDiscreteScheduler", {}, [*ALL_CURVES, {"final_sigmas_type": "sigma_min"}]),
    "euler_a": ("EulerAncestralDiscreteScheduler", {}, [{}, LEADING, TRAILING]),
    "heun": ("HeunDiscreteScheduler", {}, ALL_CURVES),
    "dpm2": ("KDPM2DiscreteScheduler", {}, ALL_CURVES),
    "dpm2_a": ("KDPM2AncestralDiscreteScheduler", {}, ALL_CURVES),
    "lms": ("LMSDiscreteScheduler", {}, ALL_CURVES),
    "ddim": ("DDIMScheduler", CLIPPED, [{}, {"set_alpha_to_one": False}]),
    "pndm": ("PNDMScheduler", {"skip_prk_steps": True}, [{}, {"set_alpha_to_one": True}]),
    "unipc": ("UniPCMultistepScheduler", {}, ALL_CURVES),
    "lcm": ("LCMScheduler", {}, [{}]),
    "dpmpp_2m": ("DPMSolverMultistepScheduler", {}, [*ALL_CURVES, {"final_sigmas_type": "sigma_min"}]),
    "dpmpp_sde": ("DPMSolverSDEScheduler", {}, ALL_CURVES),
    "dpmpp_2m_sde": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}, ALL_CURVES),
}
STEPS = [4, 10, 25]
# Where timesteps lie half-way between whole ones, and others.
LENGTHS = [1, 2, 3, 5, 7, 20, 26, 27, 30, 40, 46, 47, 48, 50, 96, 99, 150]
# The order of PNDM's and LMS's first steps goes wrong in diffusers when a part of the schedule is left out.
WHOLE_ONLY = {"pndm", "lms"}

table = Model()


def eps(x, t):
    """The noise that a perfect model for data around -1 and 1 sees in variance-preserving latents at a fractional timestep."""
    sigma = table.t_to_sigma(float(t))
    exploding = x * (1 + sigma**2) ** 0.5
    variance = SPREAD**2 + sigma**2
    denoised = (SPREAD**2 * exploding + sigma**2 * torch.tanh(exploding / variance)) / variance
    return (exploding - denoised) / sigma


def run(sampler, config, steps, skipped, image, draws):
    name, fixed, _ = CLASSES[sampler]
    scheduler = getattr(diffusers, name)(**{**STABLE_DIFFUSION, **fixed, **config})
    scheduler.set_timesteps(steps)
    timesteps = scheduler.timesteps[skipped * scheduler.order :]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(skipped * scheduler.order)
    draws = iter(draws)
    # Noise from the list in place of the class's own draws.
    module = __import__(type(scheduler).__module__, fromlist=["*"])
    module.randn_tensor = lambda *_, **__: next(draws)
    if sampler == "dpmpp_sde":
        scheduler.noise_sampler = Noise(draws)
    x = scheduler.add_noise(image, next(draws), timesteps[:1])
    seen = []
    for t in timesteps:
        x = scheduler.step(eps(scheduler.scale_model_input(x, t), t), t, x).prev_sample
        seen.append(x)
    return {
        "sampler": sampler,
        "config": config,
        "steps": steps,
        "skipped": skipped,
        "timesteps": [float(t) for t in timesteps],
        "pureNoise": float(scheduler.init_noise_sigma),
        "result": store.floats(seen[-1].numpy()),
    }


def layout(sampler, config, steps):
    """The timesteps that steps begin at."""
    name, fixed, _ = CLASSES[sampler]
    scheduler = getattr(diffusers, name)(**{**STABLE_DIFFUSION, **fixed, **config})
    scheduler.set_timesteps(steps)
    timesteps = [float(t) for t in scheduler.timesteps[:: scheduler.order]]
    if sampler == "pndm":
        del timesteps[1:2]
    return {"sampler": sampler, "config": config, "timesteps": timesteps}


def make():
    random = np.random.default_rng(21)
    image = torch.from_numpy(random.standard_normal((SIZE, 1, 1, 1)).astype(np.float32))
    draws = torch.from_numpy(random.standard_normal((2 * max(STEPS) + 1, SIZE, 1, 1, 1)).astype(np.float32))
    cases = [
        run(sampler, config, steps, skipped, image, draws)
        for sampler, (_, _, configs) in CLASSES.items()
        for config in configs
        for steps in STEPS
        for skipped in ([0] if sampler in WHOLE_ONLY else [0, steps // 3])
    ]
    layouts = [layout(sampler, config, steps) for sampler in CLASSES for config in (LINSPACE, LEADING, TRAILING) for steps in LENGTHS if sampler != "lcm" or steps <= 50]
    store.write("diffusers", {"layouts": layouts, "spread": SPREAD, "image": store.floats(image), "noise": store.floats(draws), "cases": cases})
