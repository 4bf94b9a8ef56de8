"""samplers.json.gz: trajectories of k-diffusion's samplers on an analytic denoiser, with given noise, on every list of sigmas."""

import numpy as np
import torch

import store
from kdiffusion import sampling
from schedules import SCHEDULES, Model

SIZE = 24
STEPS = [4, 10, 25]
SPREAD = 0.3

SAMPLERS = {
    "euler": (sampling.sample_euler, False),
    "euler_a": (sampling.sample_euler_ancestral, True),
    "heun": (sampling.sample_heun, False),
    "dpm2": (sampling.sample_dpm_2, False),
    "dpm2_a": (sampling.sample_dpm_2_ancestral, True),
    "lms": (sampling.sample_lms, False),
    "dpmpp_2m": (sampling.sample_dpmpp_2m, False),
    "dpmpp_2m_sde": (sampling.sample_dpmpp_2m_sde, True),
    "dpmpp_2s_a": (sampling.sample_dpmpp_2s_ancestral, True),
    "dpmpp_sde": (sampling.sample_dpmpp_sde, True),
    "dpmpp_3m_sde": (sampling.sample_dpmpp_3m_sde, True),
}


def denoise(x, sigma):
    """The posterior mean when the data are half around -1 and half around 1, each with standard deviation SPREAD."""
    variance = SPREAD**2 + sigma**2
    return (SPREAD**2 * x + sigma**2 * torch.tanh(x / variance)) / variance


class Noise:
    """Hands out the given noise draw by draw. For the second draw over a step that holds the first one's interval it
    continues the first, as the Brownian motion behind both demands."""

    def __init__(self, draws):
        self.draws = iter(draws)
        self.first = None

    def __call__(self, sigma, following):
        fresh = torch.as_tensor(next(self.draws))
        if self.first and self.first[0] == float(sigma):
            _, middle, noise = self.first
            part = (float(sigma) - middle) / (float(sigma) - float(following))
            return part**0.5 * noise + (1 - part) ** 0.5 * fresh
        self.first = (float(sigma), float(following), fresh)
        return fresh


def trajectory(sampler, takes_noise, start, sigmas, draws):
    """The latents after each step, from those the sampler reports before each and the final ones."""
    seen = []
    extra = {"noise_sampler": Noise(draws)} if takes_noise else {}
    model = lambda x, sigma: denoise(x, sigma[0])
    x = torch.as_tensor(start) * sigmas[0]
    last = sampler(model, x, torch.as_tensor(sigmas), disable=True, callback=lambda info: seen.append(info["x"]), **extra)
    return torch.stack([*seen[1:], last]).numpy()


def make():
    random = np.random.default_rng(20)
    start = random.standard_normal(SIZE).reshape(SIZE, 1)
    draws = random.standard_normal((2 * max(STEPS), SIZE, 1))
    model = Model()
    lists = {f"{name}, {n} steps": schedule(n, model) for name, schedule in SCHEDULES.items() for n in STEPS}
    lists["karras, last 7 of 10"] = lists["karras, 10 steps"][-8:]
    lists["uniform, last 2 of 10"] = lists["uniform, 10 steps"][-3:]
    lists["karras, above 0"] = lists["karras, 10 steps"][:-1]
    store.write(
        "samplers",
        {
            "spread": SPREAD,
            "start": store.floats(start.astype(np.float32)),
            "noise": store.floats(draws),
            "lists": [{"name": name, "sigmas": store.doubles(sigmas)} for name, sigmas in lists.items()],
            "trajectories": [
                {
                    "sampler": name,
                    "list": list_name,
                    "x": store.floats(
                        trajectory(sampler, takes_noise, start.astype(np.float32).astype(np.float64), sigmas, draws.astype(np.float32).astype(np.float64))
                    ),
                }
                for name, (sampler, takes_noise) in SAMPLERS.items()
                for list_name, sigmas in lists.items()
            ],
        },
    )
