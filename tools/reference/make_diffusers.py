"""diffusers.json.gz: the steps that diffusers' scheduler classes lay out, and their trajectories on an analytic model with given noise."""

import copy
import json

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

VELOCITY = {"prediction_type": "v_prediction"}
FEW = {"final_sigmas_type": "sigma_min"}

# sampler: class, options that are the sampler's and not the configuration's, configurations
CLASSES = {
    "euler": ("EulerDiscreteScheduler", {}, [*ALL_CURVES, FEW, VELOCITY, {**KARRAS, "sigma_min": 0.1, "sigma_max": 9}]),
    "euler_a": ("EulerAncestralDiscreteScheduler", {}, [{}, LEADING, TRAILING]),
    "heun": ("HeunDiscreteScheduler", {}, [*ALL_CURVES, {"clip_sample": True, "clip_sample_range": 0.7}]),
    "dpm2": ("KDPM2DiscreteScheduler", {}, ALL_CURVES),
    "dpm2_a": ("KDPM2AncestralDiscreteScheduler", {}, ALL_CURVES),
    "lms": ("LMSDiscreteScheduler", {}, [*ALL_CURVES, {**KARRAS, "sigma_min": 0.1, "sigma_max": 9}, VELOCITY]),
    "ddim": ("DDIMScheduler", CLIPPED, [{}, LINSPACE, TRAILING, {"set_alpha_to_one": False}, {"clip_sample": True}, VELOCITY]),
    "pndm": ("PNDMScheduler", {"skip_prk_steps": True},
             [{}, LINSPACE, TRAILING, {"set_alpha_to_one": True}, VELOCITY, {**TRAILING, **VELOCITY}]),
    "unipc": ("UniPCMultistepScheduler", {}, [*ALL_CURVES, FEW, {**FEW, **KARRAS}, VELOCITY]),
    "lcm": ("LCMScheduler", {}, [{}, {"original_inference_steps": 1000}, {"clip_sample": True}]),
    "dpmpp_2m": ("DPMSolverMultistepScheduler", {}, [*ALL_CURVES, FEW, {**FEW, "lower_order_final": False}, {**FEW, "euler_at_final": True},
                 VELOCITY, {"lambda_min_clipped": -2.5}]),
    "dpmpp_sde": ("DPMSolverSDEScheduler", {}, ALL_CURVES),
    "dpmpp_2m_sde": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}, [*ALL_CURVES, FEW]),
}
STEPS = [4, 10, 25]
# With trailing spacing diffusers lays out 62 timesteps of 61.
ONE_MORE = {"timestep_spacing": "trailing"}

SHORT = {"num_train_timesteps": 500, "steps_offset": 0}
# The noise tables in use, and one that is shorter. On the shorter one the first timestep of an exponential or a beta curve hangs on
# the last bit of a square root, which torch rounds as the processor does.
TABLES = [
    {},
    {"beta_schedule": "linear"},
    {"beta_schedule": "squaredcos_cap_v2"},
    {"rescale_betas_zero_snr": True},
    SHORT,
]
# Classes whose timesteps are whole numbers, with the configurations in which they are.
WHOLE = {
    "ddim": [LINSPACE, LEADING, TRAILING],
    "pndm": [LINSPACE, LEADING, TRAILING],
    "lcm": [{}],
    "dpmpp_2m": [LINSPACE, LEADING, TRAILING, KARRAS, EXPONENTIAL, BETA],
    "unipc": [LINSPACE, LEADING, TRAILING, KARRAS, EXPONENTIAL, BETA],
    "euler": [LEADING, TRAILING],
}

table = Model()


def eps(x, t):
    """The noise that a perfect model for data around -1 and 1 sees in variance-preserving latents at a fractional timestep."""
    sigma = table.t_to_sigma(float(t))
    exploding = x * (1 + sigma**2) ** 0.5
    variance = SPREAD**2 + sigma**2
    denoised = (SPREAD**2 * exploding + sigma**2 * torch.tanh(exploding / variance)) / variance
    return (exploding - denoised) / sigma


def model(x, t, config):
    noise = eps(x, t)
    if config.get("prediction_type") != "v_prediction":
        return noise
    sigma = table.t_to_sigma(float(t))
    alpha = (1 + sigma**2) ** -0.5
    # The estimate of the clean latents is (x - alpha sigma eps) / alpha.
    return alpha * noise - sigma * (x - alpha * sigma * noise)


_made = {}


def made(name, config):
    """A scheduler that nothing was done with yet; some classes take long to make."""
    key = (name, json.dumps(config, sort_keys=True))
    if key not in _made:
        _made[key] = getattr(diffusers, name).from_config(config)
    return copy.deepcopy(_made[key])


def run(sampler, config, steps, skipped, image, draws):
    name, fixed, _ = CLASSES[sampler]
    config = {**STABLE_DIFFUSION, **fixed, **config}
    scheduler = made(name, config)
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
        x = scheduler.step(model(scheduler.scale_model_input(x, t), t, config), t, x).prev_sample
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


def layouts(sampler, table_options, config):
    """The timesteps that the model is told, at every length."""
    name, fixed, _ = CLASSES[sampler]
    config = {**STABLE_DIFFUSION, **table_options, **config}
    scheduler = getattr(diffusers, name).from_config({**config, **fixed})
    lengths = list(range(1, 151 if sampler != "lcm" else 51))
    told = []
    for steps in lengths:
        scheduler.set_timesteps(steps)
        told.append(scheduler.timesteps.numpy())
    return {"sampler": sampler, "config": config, "lengths": lengths, "calls": [len(t) for t in told],
            "timesteps": store.packed(np.concatenate(told), np.int16)}


def make():
    random = np.random.default_rng(21)
    image = torch.from_numpy(random.standard_normal((SIZE, 1, 1, 1)).astype(np.float32))
    draws = torch.from_numpy(random.standard_normal((2 * max(STEPS) + 1, SIZE, 1, 1, 1)).astype(np.float32))
    cases = [
        run(sampler, config, steps, skipped, image, draws)
        for sampler, (_, _, configs) in CLASSES.items()
        for config in configs
        for steps in STEPS
        for skipped in sorted({0, 1, steps // 3, steps - 1})
    ]
    cases += [run(sampler, ONE_MORE, 61, 40, image, draws) for sampler in CLASSES if sampler != "lcm"]
    store.write("diffusers", {
        "spread": SPREAD, "image": store.floats(image), "noise": store.floats(draws), "cases": cases,
        "layouts": [layouts(sampler, t, config) for sampler, configs in WHOLE.items() for config in configs for t in TABLES
                    if not (t is SHORT and config in (EXPONENTIAL, BETA))],
    })
