"""Numbers that TypeScript and Python make alike: packages/checkpoints/src/testing/numbers.ts says the same."""

import numpy
import torch


def uniform(seed, count):
    """`count` float64 numbers of −1 … 1, each from its place alone (Wellons' lowbias32)."""
    x = (numpy.arange(count, dtype=numpy.uint64) * 0x9E3779B1 + seed * 0x85EBCA6B + 1) & 0xFFFFFFFF
    x = x.astype(numpy.uint32)
    x = (x ^ (x >> 16)) * numpy.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * numpy.uint32(0x846CA68B)
    x = x ^ (x >> 16)
    return (x >> 8).astype(numpy.float64) / 2**23 - 1


# After so many numbers the tensors of whole files begin again: their tables of words are large.
PERIOD = 2**17


def weight(name, shape, seed, period=None):
    """Norms (all that is one row and called a weight) around 1, biases small, all else such that its outputs are about as large as its inputs."""
    count = int(numpy.prod(shape))
    values = numpy.resize(uniform(seed, min(count, period or count)), count)
    if len(shape) > 1:
        values = values * (3 / numpy.prod(shape[1:])) ** 0.5
    else:
        values = name.endswith(".weight") + values * 0.1
    return torch.from_numpy(values.astype(numpy.float32)).reshape(shape)


def inputs(shape, seed):
    return torch.from_numpy((uniform(seed, int(numpy.prod(shape))) * 1.5).astype(numpy.float32)).reshape(shape)


def fill(module, rename=lambda name: name):
    """Gives a network such weights, seeded by their place among the sorted names. Returns the shapes by name."""
    named = {rename(name): parameter for name, parameter in module.named_parameters()}
    with torch.no_grad():
        for seed, name in enumerate(sorted(named)):
            named[name].copy_(weight(name, tuple(named[name].shape), seed))
    module.eval()
    return {name: list(named[name].shape) for name in sorted(named)}
