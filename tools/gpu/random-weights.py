"""Fills in weights that were left out of graphs, at random, so that a megabyte can be sent instead of gigabytes:

    python3 random-weights.py FOLDER...        each with a model.onnx whose weights lie in a file beside it

Times do not depend on the values. They are scaled so that float16 does not overflow. Needs onnx, and torch with CUDA.
"""

import math
import sys
from pathlib import Path

import onnx
import torch


def values(tensor):
    """Normal numbers that keep the variance of what a matrix or a convolution is given; near one for the scale of a norm."""
    count = math.prod(tensor.dims)
    numbers = torch.randn(count, device='cuda')
    if len(tensor.dims) > 1:
        inputs = tensor.dims[0] if len(tensor.dims) == 2 else count // tensor.dims[0]
        numbers /= math.sqrt(inputs)
    else:
        is_scale = 'gamma' in tensor.name or ('norm' in tensor.name and 'weight' in tensor.name)
        numbers = 0.02 * numbers + (1 if is_scale else 0)
    return numbers.half() if tensor.data_type == onnx.TensorProto.FLOAT16 else numbers.float()


def fill(folder):
    graph = onnx.load(folder / 'model.onnx', load_external_data=False).graph
    for tensor in graph.initializer:
        if tensor.data_location != onnx.TensorProto.EXTERNAL:
            continue
        place = {entry.key: entry.value for entry in tensor.external_data}
        path = folder / place['location']
        path.touch()
        with open(path, 'r+b') as file:
            file.seek(int(place.get('offset', 0)))
            file.write(values(tensor).cpu().numpy().tobytes()[:int(place['length'])])
    print(f'{folder} filled', flush=True)


if __name__ == '__main__':
    torch.manual_seed(0)
    for name in sys.argv[1:]:
        fill(Path(name))
