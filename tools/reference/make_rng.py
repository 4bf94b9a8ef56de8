"""rng.json.gz: torch's CPU generator, and the Philox stream of modules/rng_philox.py and its slerp written anew."""

import numpy as np
import torch

import store

SEEDS = [0, 1, 42, 1234, 2**32 - 1, 2**32 + 5, 2**40 + 7, 2**53 - 1]
SIZES = [1, 2, 5, 15, 16, 17, 20, 31, 32, 33, 100, 396, 1001]
SEQUENCES = [[3, 3, 16, 2], [17, 5, 33, 1], [64, 64, 64], [1, 1, 1, 16, 1]]
LATENTS = (4, 9, 7)


def torch_draws(seed, sizes):
    generator = torch.Generator().manual_seed(seed)
    return np.concatenate([torch.randn(size, generator=generator).numpy() for size in sizes])


def philox_draw(seed, draw, size):
    low = np.uint64(0xFFFFFFFF)
    counter = [np.full(size, draw, np.uint64), np.zeros(size, np.uint64), np.arange(size, dtype=np.uint64), np.zeros(size, np.uint64)]
    key = [np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)]
    for _ in range(10):
        first = counter[0] * np.uint64(0xD2511F53)
        second = counter[2] * np.uint64(0xCD9E8D57)
        counter = [
            (second >> np.uint64(32)) ^ counter[1] ^ key[0],
            second & low,
            (first >> np.uint64(32)) ^ counter[3] ^ key[1],
            first & low,
        ]
        key = [(key[0] + np.uint64(0x9E3779B9)) & low, (key[1] + np.uint64(0xBB67AE85)) & low]
    scale = np.float64(np.float32(2.3283064e-10))
    angle = np.float64(np.float32(2.3283064e-10 * 6.2831855))
    u = counter[0].astype(np.float64) * scale + scale / 2
    v = counter[1].astype(np.float64) * angle + angle / 2
    return (np.sqrt(-2 * np.log(u)) * np.sin(v)).astype(np.float32)


def slerp(strength, low, high):
    """modules/rng.py: on (C, H, W), along H."""
    low_norm = low / torch.norm(low, dim=1, keepdim=True)
    high_norm = high / torch.norm(high, dim=1, keepdim=True)
    dot = (low_norm * high_norm).sum(1)
    if dot.mean() > 0.9995:
        return low * strength + high * (1 - strength)
    omega = torch.acos(dot)
    sine = torch.sin(omega)
    return (torch.sin((1 - strength) * omega) / sine).unsqueeze(1) * low + (torch.sin(strength * omega) / sine).unsqueeze(1) * high


def variation(seed, other, strength):
    draw = lambda s: torch.randn(LATENTS, generator=torch.Generator().manual_seed(s))
    return slerp(strength, draw(seed), draw(other)).numpy()


def make():
    store.write(
        "rng",
        {
            "torch": [
                {"seed": str(seed), "sizes": sizes, "values": store.floats(torch_draws(seed, sizes))}
                for seed in SEEDS
                for sizes in [*([size] for size in SIZES), *SEQUENCES]
            ]
            + [{"seed": "0", "sizes": [4 * 64 * 64], "values": store.floats(torch_draws(0, [4 * 64 * 64]))}],
            "philox": [
                {"seed": str(seed), "draws": 2, "size": 150, "values": store.floats(np.concatenate([philox_draw(seed, n, 150) for n in range(2)]))}
                for seed in SEEDS
            ],
            "shape": LATENTS,
            "variations": [
                {"seed": seed, "other": other, "strength": strength, "values": store.floats(variation(seed, other, strength))}
                for seed, other in ((1, 2), (42, 1234), (7, 7))
                for strength in (0.05, 0.3, 0.5, 1.0)
            ],
        },
    )
