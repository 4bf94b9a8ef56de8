"""Copies a model folder with an int8 UNet, to see what int8 gains and costs on a CPU:

    python quantize.py DIR TARGET VARIANT [--inputs calls.npz] [--keep EXPRESSION]

VARIANT is one of

    dynamic       MatMul and Gemm by a weight; activations are measured anew in every run
    dynamic-conv  the same and Conv
    static        MatMul and Gemm by a weight and Conv, with ranges of activations found beforehand, as QDQ pairs
    static-conv   Conv alone
    blocks        MatMul by a weight in blocks of 32, computed in int8 (MatMulNBits, accuracy level 4)

Weights are int8 with a scale for each output channel, activations uint8. Static ranges come from `--inputs`, which
`int8_quality.py record` writes, else from random latents. Nodes whose names match `--keep` stay float32;
`--keep edges` keeps what touches the latents and the timestep: the first and the last Conv and all Gemm.
"""

import argparse
import logging
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import (CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static)
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

CHOICES = 'dynamic', 'dynamic-conv', 'static', 'static-conv', 'blocks'
# 2 GB is what a protobuf holds; above it the weights lie in a file of their own.
LARGE = 2e9


class Calls(CalibrationDataReader):
    def __init__(self, calls):
        self.calls = iter(calls)

    def get_next(self):
        return next(self.calls, None)


def fold(source, target):
    """The graph with its constants worked out, so that weights that are stored in fewer bits become plain float32."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    options.add_session_config_entry('session.optimized_model_external_initializers_file_name', 'folded.data')
    # Only the file is wanted: nothing is packed for runs.
    options.add_session_config_entry('session.disable_prepacking', '1')
    onnxruntime.InferenceSession(str(source), options, providers=['CPUExecutionProvider'])


def edges(graph):
    convs = [node.name for node in graph.node if node.op_type == 'Conv']
    return [convs[0], convs[-1], *(node.name for node in graph.node if node.op_type == 'Gemm')]


def random_calls(graph, count=4, side=32):
    """Standard normal latents and words, as a denoiser meets them, over the whole range of timesteps."""
    rng = np.random.default_rng(0)
    for i in range(count):
        call = {}
        for value in graph.input:
            free = iter((2, side, side) if value.name == 'sample' else (2, 77))
            shape = [dim.dim_value or next(free) for dim in value.type.tensor_type.shape.dim]
            kind = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
            if value.name == 'timestep':
                call[value.name] = np.full(shape, 999 * i // (count - 1), kind)
            else:
                call[value.name] = rng.standard_normal(shape).astype(kind)
        yield call


def recorded_calls(path):
    with np.load(path) as file:
        names = [name for name in file.files]
        arrays = {name: file[name] for name in names}
    for i in range(len(arrays[names[0]])):
        yield {name: array[i] for name, array in arrays.items()}


def quantize(folded, target, variant, inputs, keep):
    graph = onnx.load(folded, load_external_data=False).graph
    large = sum(file.stat().st_size for file in folded.parent.iterdir()) > LARGE
    if keep == 'edges':
        kept = edges(graph)
    else:
        kept = [node.name for node in graph.node if keep and re.search(keep, node.name)]
    common = dict(per_channel=True, weight_type=QuantType.QInt8, nodes_to_exclude=kept, use_external_data_format=large)
    if variant == 'blocks':
        quantizer = MatMulNBitsQuantizer(
            onnx.load(folded), block_size=32, is_symmetric=True, accuracy_level=4, bits=8, nodes_to_exclude=kept)
        quantizer.process()
        quantizer.model.save_model_to_file(str(target), large)
    elif variant.startswith('dynamic'):
        kinds = ['MatMul', 'Gemm'] + ['Conv'] * (variant == 'dynamic-conv')
        quantize_dynamic(folded, target, op_types_to_quantize=kinds,
                         extra_options={'MatMulConstBOnly': True, 'DefaultTensorType': onnx.TensorProto.FLOAT}, **common)
    else:
        kinds = ['Conv'] + ['MatMul', 'Gemm'] * (variant == 'static')
        calls = recorded_calls(inputs) if inputs else random_calls(graph)
        quantize_static(folded, target, Calls(calls), quant_format=QuantFormat.QDQ, activation_type=QuantType.QUInt8,
                        op_types_to_quantize=kinds, extra_options={'MatMulConstBOnly': True}, **common)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument('model', type=Path)
    ask.add_argument('target', type=Path)
    ask.add_argument('variant', choices=CHOICES)
    ask.add_argument('--inputs')
    ask.add_argument('--keep', default='')
    args = ask.parse_args()
    logging.getLogger().setLevel(logging.ERROR)
    shutil.copytree(args.model, args.target, ignore=lambda folder, names: [n for n in names if 'unet/model' in f'{Path(folder).name}/{n}'])
    with tempfile.TemporaryDirectory(dir=args.target.parent) as scratch:
        folded = Path(scratch) / 'folded.onnx'
        fold(args.model / 'unet/model.onnx', folded)
        quantize(folded, args.target / 'unet/model.onnx', args.variant, args.inputs, args.keep)
    made = onnx.load(args.target / 'unet/model.onnx', load_external_data=False)
    kinds = sorted({node.op_type for node in made.graph.node if 'nteger' in node.op_type or 'Linear' in node.op_type or 'NBits' in node.op_type})
    size = sum(file.stat().st_size for file in (args.target / 'unet').iterdir())
    print(f'{args.target}: {size / 1e6:.1f} MB, {", ".join(kinds)}')


if __name__ == '__main__':
    main()
