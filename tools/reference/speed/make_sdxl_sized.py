"""Makes a model of exactly the size and shape of SDXL base, with random weights, as Optimum's export and as safetensors:

    python make_sdxl_sized.py DIR WEIGHTS [WIDTH]

WEIGHTS becomes a diffusers folder in float32, DIR the ONNX export of the same weights, 14 GB each. Optimum itself makes the
export, by its own settings, but for what holds the weights two or three times: here they stay in their file, and what torch
writes is joined file by file. WIDTH, 320 by default, makes a narrower one of as many layers: compare_exports.py tells whether
Optimum, without what is changed here, makes the same of it.
"""

import shutil
import sys
from pathlib import Path

import make_weights
import numpy as np
import onnx
import onnxruntime
import torch
from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline
from onnx.external_data_helper import ExternalDataInfo, _get_all_tensors, set_external_data, uses_external_data
from optimum.exporters.onnx import convert, onnx_export_from_model
from safetensors.torch import load_file
from transformers import CLIPTokenizer

TINY = Path(__file__).parents[3] / "models/fixtures/tiny-sdxl"


def map_weights(network, file):
    """Gives a network that was built without memory its weights, which stay in their file: only pages of it are read."""
    network.load_state_dict(load_file(file), assign=True)
    for module in network.modules():
        if "position_ids" in module._buffers:  # No file holds them.
            module.position_ids = torch.arange(module.position_ids.shape[-1]).expand((1, -1))
    left = [name for name, value in (*network.named_parameters(), *network.named_buffers()) if value.is_meta]
    assert not left, f"without weights: {left}"
    return network.eval()


def pipeline_of(parts):
    scheduler = EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1, timestep_spacing="leading")
    tokenizers = {name: CLIPTokenizer.from_pretrained(TINY / name) for name in ("tokenizer", "tokenizer_2")}
    return StableDiffusionXLPipeline(**parts, **tokenizers, scheduler=scheduler, force_zeros_for_empty_prompt=True, add_watermarker=False)


class Streamed:
    """In place of the onnx module, where Optimum joins the files that torch writes, one for each tensor, into one."""

    def __getattr__(self, name):
        return getattr(onnx, name)

    def load(self, path, load_external_data=True):
        return onnx.load(path, load_external_data=False)

    def save(self, model, path, *, location, size_threshold, **options):
        folder = Path(path).parent
        with (folder / location).open("wb") as joined:
            for tensor in _get_all_tensors(model):
                place = joined.tell()
                if uses_external_data(tensor):
                    piece = folder / ExternalDataInfo(tensor).location
                    with piece.open("rb") as file:
                        shutil.copyfileobj(file, joined, 1 << 24)
                    piece.write_bytes(b"")  # Optimum removes it; the disk needs its place before.
                elif sys.getsizeof(tensor.raw_data) >= size_threshold:
                    joined.write(tensor.raw_data)
                else:
                    continue
                tensor.raw_data = b""
                set_external_data(tensor, location, place, joined.tell() - place)
                tensor.ClearField("raw_data")
        onnx.save(model, path)


def without_packing(options=onnxruntime.SessionOptions):
    """Optimum asks a session for the shapes of its outputs, which needs no copies of the weights."""
    made = options()
    made.add_session_config_entry("session.disable_prepacking", "1")
    return made


def main():
    target, weights, width = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 320
    parts = make_weights.sdxl(width)
    print({part: sum(value.numel() for value in network.parameters()) for part, network in parts.items()}, flush=True)
    make_weights.write_folder(parts, weights, torch.float32, np.random.default_rng(0))
    pipeline = pipeline_of({part: map_weights(network, weights / part / f"{make_weights.FILES[part]}.safetensors") for part, network in parts.items()})
    pipeline.save_config(weights)
    for part in ("scheduler", "tokenizer", "tokenizer_2"):
        getattr(pipeline, part).save_pretrained(weights / part)
    convert.onnx, onnxruntime.SessionOptions = Streamed(), without_packing
    onnx_export_from_model(pipeline, target, task="text-to-image", do_validation=False)
    # The tokenizers of the tiny model are read from vocab.json and merges.txt, as every export's are.
    for part in ("tokenizer", "tokenizer_2"):
        for name in ("vocab.json", "merges.txt"):
            shutil.copy(TINY / part / name, target / part / name)


if __name__ == "__main__":
    main()
