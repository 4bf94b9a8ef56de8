"""The small checkpoints of make_pictures.py in three ways: python tools/checkpoints/make_exports.py FOLDER

FOLDER/NAME.safetensors, FOLDER/NAME-folder as diffusers saves it, and FOLDER/NAME-onnx, which torch exports as Optimum has it do.
packages/pipeline/src/parity/layouts.ts paints every request of the references with all three.
"""

import json
import sys
from pathlib import Path

from small_pipelines import Small  # Which also says where the next ones are found.

import make_pictures
import torch
from build import export_model
from diffusers import AutoencoderKL
from tiny_models import clip_merges, write_tokenizer

SIDECAR = json.dumps({"sizes": {"min": 8}})
TOKENIZERS = {"tokenizer": "<|endoftext|>", "tokenizer_2": "!"}


class Exported:
    """What tools/fixtures/build.py asks of a model."""

    era, hidden_states, tokens = "optimum-1.24", True, 77

    def __init__(self, model: Small):
        self.unet, self.vae, self.text_encoders = model.unet, model.vae, model.text_encoders
        self.vae.mean = lambda x: AutoencoderKL.encode(self.vae, x).latent_dist.mean


def write_configs(model, folder):
    index = {"_class_name": "StableDiffusionXLPipeline" if model.is_xl else "StableDiffusionPipeline", "force_zeros_for_empty_prompt": model.zero_empty_negative,
             "requires_aesthetics_score": model.kind == "sdxl-refiner"}
    for name, value in {"model_index.json": index, "scheduler/scheduler_config.json": model.scheduler_json, "vae_decoder/config.json": {"scaling_factor": model.vae.config.scaling_factor}}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(value))
    if model.text_encoders[0] is not None:
        (folder / "text_encoder/config.json").write_text(json.dumps({"hidden_act": model.text_encoders[0].config.hidden_act}))
    for part in model.tokenizers:
        write_tokenizer(folder / part, "!" if model.kind == "sd2" else TOKENIZERS[part], merges=len(clip_merges()))


def main(where):
    for model, formats, shifts in make_pictures.models():
        where.mkdir(parents=True, exist_ok=True)
        make_pictures.fill(model, formats, shifts, where / f"{model.name}.safetensors")
        (where / f"{model.name}.json").write_text(SIDECAR)
        folder, onnx = where / f"{model.name}-folder", where / f"{model.name}-onnx"
        model.pipeline().save_pretrained(folder)
        (folder / "scheduler/scheduler_config.json").write_text(json.dumps(model.scheduler_json))
        with torch.no_grad():
            export_model(Exported(model), onnx)
        write_configs(model, onnx)
        for written in (folder, onnx):
            (written / "pentimento.json").write_text(SIDECAR)
        print(model.name, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
