"""packages/checkpoints/fixtures/names.json.gz: what diffusers' `from_single_file` makes of the names in LDM's single files.

Small random models in diffusers' classes are renamed into LDM's layout (ldm.py) with every tensor filled with its own number. diffusers loads that
file; the numbers tell which stored tensor, and which third of it, each of its weights came from.
"""

import gzip
import json
import os
import pathlib
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import diffusers
import ldm
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

ROOT = pathlib.Path(__file__).parents[2]
WORDS = 600
SD = dict(down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",), up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3)
XL = dict(
    down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2,
    up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
    transformer_layers_per_block=(1, 2, 3),
)
REFINER = dict(
    down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2 + ("DownBlock2D",),
    up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
    transformer_layers_per_block=2,
)


def unet(widths, context, channels=4, **rest):
    return UNet2DConditionModel(sample_size=8, in_channels=channels, block_out_channels=widths, layers_per_block=2, cross_attention_dim=context, **rest)


def added(pooled, ids):
    return dict(addition_embed_type="text_time", addition_time_embed_dim=32, projection_class_embeddings_input_dim=pooled + ids * 32, use_linear_projection=True)


def text(width, layers, projection=None):
    config = CLIPTextConfig(vocab_size=WORDS, hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=max(1, width // 64), projection_dim=projection or width)
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(config)


def vae():
    return AutoencoderKL(
        block_out_channels=(32, 32, 64, 64), layers_per_block=2, down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4
    )


def tokenizer():
    return CLIPTokenizer.from_pretrained(ROOT / "models/fixtures/tiny-sd1/tokenizer")


def sd(stored_text, layers, width, used=None, **rest):
    """`used`: layers of the text encoder that diffusers loads, where they are fewer than those in the file."""
    network, encoder, autoencoder = unet((32, 64, 64, 64), width, attention_head_dim=2, **SD, **rest), text(width, layers), vae()
    pipe = StableDiffusionPipeline(autoencoder, text(width, used or layers), tokenizer(), network, DDIMScheduler(), None, None, requires_safety_checker=False)
    return pipe, {**ldm.unet(network.state_dict(), 2), **ldm.vae(autoencoder.state_dict()), **stored_text(encoder.state_dict())}


def xl(**rest):
    network, first, second, autoencoder = unet((32, 64, 64), 48 + 80, attention_head_dim=2, **XL, **added(80, 6), **rest), text(48, 2), text(80, 3, 80), vae()
    pipe = StableDiffusionXLPipeline(autoencoder, first, second, tokenizer(), tokenizer(), network, DDIMScheduler(), add_watermarker=False)
    texts = {**ldm.clip(first.state_dict(), "conditioner.embedders.0.transformer."), **ldm.open_clip(second.state_dict(), "conditioner.embedders.1.model.")}
    return pipe, {**ldm.unet(network.state_dict(), 2), **ldm.vae(autoencoder.state_dict()), **texts}


def refiner():
    network, second, autoencoder = unet((32, 64, 64, 64), 80, attention_head_dim=2, **REFINER, **added(80, 5)), text(80, 3, 80), vae()
    pipe = StableDiffusionXLImg2ImgPipeline(autoencoder, None, second, None, tokenizer(), network, DDIMScheduler(), requires_aesthetics_score=True, add_watermarker=False)
    texts = ldm.open_clip(second.state_dict(), "conditioner.embedders.0.model.")
    return pipe, {**ldm.unet(network.state_dict(), 2), **ldm.vae(autoencoder.state_dict()), **texts}


def families():
    clip = lambda weights: ldm.clip(weights, "cond_stage_model.transformer.")
    open_clip = lambda weights: ldm.open_clip(weights, "cond_stage_model.model.")
    return {
        "sd1": sd(clip, 3, 48),
        "sd1-inpaint": sd(clip, 2, 48, channels=9),
        # As deep as the real one: the last layer is stored and not used.
        "sd2": sd(open_clip, 24, 64, used=23, use_linear_projection=True),
        "sdxl": xl(),
        "sdxl-inpaint": xl(channels=9),
        "sdxl-refiner": refiner(),
    }


def numbered(weights):
    """Each tensor filled with its own number; the quarters tell thirds of an in_proj, the eighth a transposed matrix."""
    filled = {}
    for number, (name, tensor) in enumerate(weights.items()):
        tensor = torch.full(tensor.shape, float(number))
        if ".in_proj_" in name:
            for part, rows in enumerate(tensor.chunk(3)):
                rows += 0.25 * part
        if tensor.ndim == 2 and min(tensor.shape) > 1:
            tensor[0, 1] += 0.125
        filled[name] = tensor
    return filled


def origin(tensor, names):
    value = tensor.flatten()[0].item()
    transposed = tensor.ndim == 2 and min(tensor.shape) > 1 and tensor[1, 0] != tensor[0, 0] and tensor[0, 1] == tensor[0, 0]
    return [names[int(value)], round((value % 1) / 0.25), transposed.item() if torch.is_tensor(transposed) else transposed]


def names_of(pipe, weights):
    kept = [name for name in weights if not name.endswith("position_ids")]
    with tempfile.TemporaryDirectory() as folder:
        file, config = f"{folder}/model.safetensors", f"{folder}/config"
        save_file(numbered({name: weights[name] for name in kept}), file)
        pipe.save_pretrained(config)
        loaded = type(pipe).from_single_file(file, config=config, local_files_only=True)
    parts = {}
    for part in ("unet", "vae", "text_encoder", "text_encoder_2"):
        network = getattr(loaded, part, None)
        if network is None:
            continue
        state = ldm.full(network.state_dict()) if part.startswith("text") else network.state_dict()
        parts[part] = {name: origin(tensor, kept) for name, tensor in state.items()}
    return {"stored": {name: list(tensor.shape) for name, tensor in weights.items()}, "parts": parts}


def main():
    found = {family: names_of(*made) for family, made in families().items()}
    for family, content in found.items():
        print(family, len(content["stored"]), {part: len(names) for part, names in content["parts"].items()})
    text = json.dumps({"diffusers": diffusers.__version__, "families": found}, separators=(",", ":"))
    path = ROOT / "packages/checkpoints/fixtures/names.json.gz"
    with open(path, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as zipped:
        zipped.write(text.encode())
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
