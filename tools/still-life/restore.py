"""Checkpoints from a shipped folder, to go on where training's own were lost:  python restore.py --work DIR --model ../../models/still-life

Needs what dataset.py wrote; writes DIR/vae.pt and DIR/unet.pt with the shipped weights (int8 and float16, so a little
rounded), DIR/vae.json and DIR/latents.npy. The exporter renames, transposes and reshapes weights; which is which is found
by exporting a network of random numbers and looking where each of its tensors went.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from export import graph_of
from tokenizer import write_tokenizer
from train_unet import Painter
from train_vae import encode_all
from vae import VAE


def stored(path):
    """Initializers of a shipped graph by their names before export.py made them small."""
    tensors = {t.name: numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}
    wide = {}
    for name, value in tensors.items():
        if name.endswith('.stored'):
            name = name.removesuffix('.stored')
            value = value.astype(np.float32) * tensors.get(name + '.scale', np.float32(1))
        wide[name] = value
    return wide


def restore(module, part, shift, model, scratch):
    """Fills `module`, whose graph `part` is, from model/part. Every parameter must be found."""
    shipped = stored(model / part / 'model.onnx')
    with torch.no_grad():
        for p in module.parameters():
            p.normal_()
    places = {t.name: numpy_helper.to_array(t) for t in graph_of(module, part, shift, scratch / part).graph.initializer}
    fingerprint = lambda a: (a.size, round(float(np.abs(a, dtype=np.float64).sum()), 2))
    names = {fingerprint(value): name for name, value in places.items() if value.dtype == np.float32}
    for name, p in module.named_parameters():
        where = names.get(fingerprint(p.detach().numpy()))
        assert where, f'{part}: {name} is not in the exported graph'
        turned = p.ndim == 2 and not np.allclose(places[where].reshape(p.shape), p.detach().numpy())
        value = torch.from_numpy(np.array(shipped[where]))
        p.data.copy_(value.reshape(p.shape[::-1]).T if turned else value.reshape(p.shape))


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('--work', type=Path, required=True)
    ask.add_argument('--model', type=Path, required=True)
    ask.add_argument('--shift', type=float, default=2.5)
    args = ask.parse_args()
    painter, vae = Painter(write_tokenizer(args.work / 'tokenizer')), VAE()
    parts = {'text_encoder': painter.text, 'unet': painter.unet, 'vae_encoder': vae.encoder, 'vae_decoder': vae.decoder}
    with tempfile.TemporaryDirectory() as scratch:
        for part, module in parts.items():
            restore(module, part, args.shift, args.model, Path(scratch))
    for name, module in (('unet', painter), ('vae', vae)):
        torch.save({'average': module.state_dict()}, args.work / f'{name}.pt')
    scale = json.loads((args.model / 'vae_decoder' / 'config.json').read_text())['scaling_factor'] / args.shift
    (args.work / 'vae.json').write_text(json.dumps({'scaling_factor': scale}))
    encode_all(vae.eval(), np.load(args.work / 'pictures.npy', mmap_mode='r'), args.work / 'latents.npy')


if __name__ == '__main__':
    main()
