"""AUTOMATIC1111's schedules: k-diffusion's where it has one, otherwise the formulas of modules/sd_schedulers.py (v1.10) written anew."""

import numpy as np
import torch
from scipy import stats

from kdiffusion import sampling


class Model:
    """The noise table of Stable Diffusion 1, 2 and XL, in float64, with k-diffusion's conversions."""

    def __init__(self, sigmas=None):
        if sigmas is None:
            betas = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
            alphas = np.cumprod(1 - betas)
            sigmas = ((1 - alphas) / alphas) ** 0.5
        self.sigmas = np.asarray(sigmas, dtype=np.float64)
        self.log_sigmas = np.log(self.sigmas)
        self.sigma_min, self.sigma_max = float(self.sigmas[0]), float(self.sigmas[-1])

    def t_to_sigma(self, t):
        return np.exp(np.interp(t, np.arange(len(self.sigmas)), self.log_sigmas))

    def sigma_to_t(self, sigma):
        return np.interp(np.log(sigma), self.log_sigmas, np.arange(len(self.sigmas)))


def end(sigmas):
    return np.append(np.asarray(sigmas, dtype=np.float64), 0.0)


def uniform(n, m):
    return end(m.t_to_sigma(np.linspace(len(m.sigmas) - 1, 0, n)))


def normal(n, m):
    return end(m.t_to_sigma(np.linspace(m.sigma_to_t(m.sigma_max), m.sigma_to_t(m.sigma_min), n)))


def sgm_uniform(n, m):
    return end(m.t_to_sigma(np.linspace(m.sigma_to_t(m.sigma_max), m.sigma_to_t(m.sigma_min), n + 1)[:-1]))


def simple(n, m):
    stride = len(m.sigmas) / n
    return end([m.sigmas[-(1 + int(i * stride))] for i in range(n)])


def ddim(n, m):
    stride = max(len(m.sigmas) // n, 1)
    return end(m.sigmas[1::stride][::-1])


def kl_optimal(n, m):
    steps = np.arange(n + 1)
    return np.tan(steps / n * np.arctan(m.sigma_min) + (1 - steps / n) * np.arctan(m.sigma_max))


def beta(n, m):
    return end([m.sigma_min + stats.beta.ppf(t, 0.6, 0.6) * (m.sigma_max - m.sigma_min) for t in 1 - np.linspace(0, 1, n)])


AYS_SD = [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029]
AYS_XL = [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029]


def align_your_steps(points):
    def schedule(n, m):
        if n == len(points):
            return end(points)
        xs = np.linspace(0, 1, len(points))
        return end(np.exp(np.interp(np.linspace(0, 1, n), xs, np.log(points[::-1])))[::-1])

    return schedule


def from_kdiffusion(function):
    def schedule(n, m):
        with torch_double():
            return function(n, m.sigma_min, m.sigma_max).numpy()

    return schedule


class torch_double:
    def __enter__(self):
        torch.set_default_dtype(torch.float64)

    def __exit__(self, *_):
        torch.set_default_dtype(torch.float32)


SCHEDULES = {
    "uniform": uniform,
    "normal": normal,
    "karras": from_kdiffusion(sampling.get_sigmas_karras),
    "exponential": from_kdiffusion(sampling.get_sigmas_exponential),
    "polyexponential": from_kdiffusion(sampling.get_sigmas_polyexponential),
    "sgm_uniform": sgm_uniform,
    "simple": simple,
    "ddim": ddim,
    "beta": beta,
    "kl_optimal": kl_optimal,
    "align_your_steps": align_your_steps(AYS_SD),
    "align_your_steps_xl": align_your_steps(AYS_XL),
}


def lcm_model(m):
    """The table of a model distilled to 50 timesteps: 19, 39 … 999."""
    return Model(m.sigmas[19::20])
