"""Writes the model folder that Pentimento ships:  python export.py --work DIR --out ../../models/still-life

Weights are stored small (int8 or float16) and widened by nodes that ONNX Runtime folds away when it loads, so every
input, output and computation is float32.
"""

import argparse
import hashlib
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from captions import vocabulary
from loop import averaged
from shift import Shifted
from text import LAYERS, WIDTH
from tokenizer import write_tokenizer
from train_unet import Painter
from train_vae import as_input
from vae import VAE

SIZE_LIMIT = 25_000_000
PROMPTS = ['a photo of a strawberry', 'a photo of a red apple on a white background', 'a drawing of a blue fish on a yellow background',
           'a photo of a pink cupcake on a purple background', 'a photo of a yellow smiling face on a black background']


class Text(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids):
        out = self.model(input_ids=ids, output_hidden_states=True)
        return (out.last_hidden_state, out.pooler_output, *out.hidden_states)


def quantised(weights):
    """int8 with one scale per row or column, whichever loses less. Returns integers and scales that multiply back."""
    best = None
    for axis in range(min(weights.ndim, 2)):
        rest = tuple(i for i in range(weights.ndim) if i != axis)
        scale = np.maximum(np.abs(weights).max(rest, keepdims=True), 1e-12) / 127
        q = np.round(weights / scale)
        loss = np.square(q * scale - weights).sum()
        if best is None or loss < best[0]:
            best = (loss, q.astype(np.int8), scale.astype(np.float32))
    return best[1:]


def shrink(model, int8):
    graph, widen = model.graph, []
    for tensor in list(graph.initializer):
        weights = numpy_helper.to_array(tensor)
        if weights.dtype != np.float32 or weights.size < 256:
            continue
        name, stored = tensor.name, tensor.name + '.stored'
        graph.initializer.remove(tensor)
        if int8 and weights.ndim > 1 and weights.size > 2000:
            q, scale = quantised(weights)
            graph.initializer.extend([numpy_helper.from_array(q, stored), numpy_helper.from_array(scale, name + '.scale')])
            widen += [helper.make_node('Cast', [stored], [name + '.wide'], to=TensorProto.FLOAT),
                      helper.make_node('Mul', [name + '.wide', name + '.scale'], [name])]
        else:
            graph.initializer.append(numpy_helper.from_array(weights.astype(np.float16), stored))
            widen.append(helper.make_node('Cast', [stored], [name], to=TensorProto.FLOAT))
    nodes = [*widen, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    return model


PIXELS, GRID = ('batch', None, 'height', 'width'), ('batch', None, 'latent_height', 'latent_width')
# For each part what is called, an example, and its inputs and outputs with their axes' names, None for a fixed axis.
GRAPHS = {
    'text_encoder': (lambda text, shift: Text(text), lambda: (torch.zeros(2, 77, dtype=torch.long),),
                     {'input_ids': ('batch', None)},
                     {'last_hidden_state': ('batch', None, None), 'pooler_output': ('batch', None),
                      **{f'hidden_states.{i}': ('batch', 'sequence', None) for i in range(LAYERS + 1)}}),
    'unet': (Shifted, lambda: (torch.randn(2, 4, 16, 24), torch.tensor([5.0, 7.0]), torch.randn(2, 77, WIDTH)),
             {'sample': PIXELS, 'timestep': ('batch',), 'encoder_hidden_states': ('batch', 'sequence', None)}, {'out_sample': PIXELS}),
    'vae_encoder': (lambda encoder, shift: encoder, lambda: (torch.randn(2, 3, 128, 192),), {'sample': PIXELS}, {'latent_parameters': GRID}),
    'vae_decoder': (lambda decoder, shift: decoder, lambda: (torch.randn(2, 4, 16, 24),), {'latent_sample': GRID}, {'sample': PIXELS}),
}


def graph_of(module, part, shift, folder):
    """Writes folder/model.onnx with its weights as they are, and returns the graph."""
    wrap, example, inputs, outputs = GRAPHS[part]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / 'model.onnx'
    axes = {k: {i: a for i, a in enumerate(v) if a} for k, v in {**inputs, **outputs}.items()}
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        torch.onnx.export(wrap(module, shift).eval(), example(), str(path), input_names=list(inputs), output_names=list(outputs),
                          dynamic_axes=axes, opset_version=17, dynamo=False)
    return onnx.load(path)


def write_part(module, part, shift, out, config):
    model = shrink(graph_of(module, part, shift, out / part), int8=part == 'unet')
    for node in model.graph.node:
        node.doc_string = ''
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, out / part / 'model.onnx')
    write_json(out / part / 'config.json', config)


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + '\n')


@torch.no_grad()
def preview_factors(latents, pictures):
    """Least squares from scaled latents to RGB in -1..1."""
    small = torch.nn.functional.avg_pool2d(as_input(pictures), 8).permute(0, 2, 3, 1).reshape(-1, 3).double()
    z = torch.from_numpy(latents).permute(0, 2, 3, 1).reshape(-1, 4).double()
    fit = torch.linalg.lstsq(torch.cat([z, torch.ones(len(z), 1)], 1), small).solution
    rows = [[round(v, 4) for v in row] for row in fit.tolist()]
    return {'factors': rows[:4], 'bias': rows[4]}


def blend(model, other, share):
    """In place: the mean of the weights of two networks, one fine-tuned from the other (Wortsman et al. 2022, model soups)."""
    with torch.no_grad():
        for ours, theirs in zip(model.parameters(), other.parameters()):
            ours.lerp_(theirs, share)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--out', type=Path, required=True)
    ask.add_argument('--checkpoint', default='fine', help='of the noise predictor, without .pt')
    ask.add_argument('--blend', nargs=2, metavar=('CHECKPOINT', 'SHARE'), help='another one, and its share of the mean that is written')
    ask.add_argument('--guidance', type=float, default=4.0)
    ask.add_argument('--shift', type=float, default=2.5)
    args = ask.parse_args()
    out, work = args.out, args.work
    torch.manual_seed(0)
    tokens = write_tokenizer(out / 'tokenizer')
    painter = averaged(work, args.checkpoint, Painter(tokens)).to(memory_format=torch.contiguous_format)
    if args.blend:
        blend(painter, averaged(work, args.blend[0], Painter(tokens)), float(args.blend[1]))
    vae = averaged(work, 'vae', VAE()).to(memory_format=torch.contiguous_format)
    scale = json.loads((work / 'vae.json').read_text())['scaling_factor'] * args.shift

    write_part(painter.text, 'text_encoder', args.shift, out,
               {**painter.text.config.to_diff_dict(), 'architectures': ['CLIPTextModel'], 'dtype': 'float32'})
    write_part(painter.unet, 'unet', args.shift, out,
               {'_class_name': 'UNet2DConditionModel', 'sample_size': 16, 'in_channels': 4, 'out_channels': 4, 'cross_attention_dim': WIDTH,
                'block_out_channels': [painter.unet.enter.out_channels, painter.unet.down.out_channels]})
    shape = {'_class_name': 'AutoencoderKL', 'in_channels': 3, 'out_channels': 3, 'latent_channels': 4, 'sample_size': 128,
             'block_out_channels': [12, 48, 96, 160], 'scaling_factor': scale}
    write_part(vae.encoder, 'vae_encoder', args.shift, out, shape)
    write_part(vae.decoder, 'vae_decoder', args.shift, out, shape)

    (out / 'scheduler').mkdir(exist_ok=True)
    write_json(out / 'scheduler' / 'scheduler_config.json', {
        '_class_name': 'DPMSolverMultistepScheduler', 'num_train_timesteps': 1000, 'beta_start': 0.00085, 'beta_end': 0.012,
        'beta_schedule': 'scaled_linear', 'prediction_type': 'epsilon', 'use_karras_sigmas': True, 'steps_offset': 1,
        'timestep_spacing': 'leading', 'solver_order': 2, 'algorithm_type': 'dpmsolver++', 'solver_type': 'midpoint'})
    part = lambda name: ['diffusers', name]
    write_json(out / 'model_index.json', {
        '_class_name': 'ORTStableDiffusionPipeline', 'scheduler': part('DPMSolverMultistepScheduler'),
        'tokenizer': ['transformers', 'CLIPTokenizer'], 'text_encoder': part('OnnxRuntimeModel'), 'unet': part('OnnxRuntimeModel'),
        'vae_encoder': part('OnnxRuntimeModel'), 'vae_decoder': part('OnnxRuntimeModel'),
        'safety_checker': [None, None], 'feature_extractor': [None, None], 'requires_safety_checker': False})
    some = slice(0, 1000)
    latents = np.load(work / 'latents.npy', mmap_mode='r')[some].astype(np.float32) * scale
    previews = preview_factors(latents, np.load(work / 'pictures.npy', mmap_mode='r')[some])
    parts = [p for p in sorted(out.rglob('*')) if p.is_file() and p.name not in ('pentimento.json', 'README.md', 'evaluation.json')]
    write_json(out / 'pentimento.json', {
        'id': 'still-life', 'title': 'Still Life', 'description': 'A tiny model that paints sixteen simple things at 128 pixels, trained from scratch on rendered pictures.',
        'licence': 'MIT', 'family': 'sd1', 'native_size': 128, 'sizes': {'min': 64, 'max': 256, 'multiple': 8},
        'defaults': {'steps': 25, 'guidance_scale': args.guidance, 'sampler': 'dpmpp_2m', 'schedule': 'karras'},
        'prompts': PROMPTS, 'vocabulary': vocabulary(), 'previews': previews,
        'files': {p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in parts}})
    total = sum(p.stat().st_size for p in out.rglob('*') if p.is_file())
    print(f'{total / 1e6:.1f} MB')
    assert total <= SIZE_LIMIT, 'too large for the repository'


if __name__ == '__main__':
    main()
