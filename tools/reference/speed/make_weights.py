"""Random weights in the full size of a family (sd15, sdxl), as safetensors, written tensor by tensor:

    python make_weights.py sdxl DIR [F16]                newly made, as a diffusers folder
    python make_weights.py sdxl FILE.safetensors [F16]   the same in LDM's layout, as a single file
    python make_weights.py FOLDER DIR F16                those of another folder, in another format: F16, BF16 or F8_E4M3

For measuring loading, memory and speed where the real weights cannot be had. Needs the environment of tools/reference.
"""

import json
import math
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "checkpoints"))

import ldm
import numpy as np
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors import safe_open
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F8_E4M3": torch.float8_e4m3fn}
FILES = {"unet": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model", "text_encoder_2": "model"}


def text(width, layers, **rest):
    return CLIPTextConfig(hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=width // 64, vocab_size=49408, bos_token_id=0, eos_token_id=2, **rest)


def vae(size, scale):
    blocks = dict(down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4, block_out_channels=(128, 256, 512, 512))
    return AutoencoderKL(**blocks, layers_per_block=2, sample_size=size, scaling_factor=scale)


def sd15():
    """The architecture of runwayml/stable-diffusion-v1-5, from the configs in its repository."""
    with torch.device("meta"):
        return {
            "unet": UNet2DConditionModel(sample_size=64, cross_attention_dim=768, attention_head_dim=8),
            "vae": vae(512, 0.18215),
            "text_encoder": CLIPTextModel(text(768, 12, hidden_act="quick_gelu")),
        }


def sdxl(width=320):
    """The architecture of stabilityai/stable-diffusion-xl-base-1.0, from the configs in its repository; any other width, a multiple of 160, has as many layers."""
    narrow, wide = width * 12 // 5, width * 4
    with torch.device("meta"):
        return {
            "unet": UNet2DConditionModel(
                sample_size=128, block_out_channels=(width, width * 2, wide), cross_attention_dim=narrow + wide, attention_head_dim=(5, 10, 20), transformer_layers_per_block=(1, 2, 10), use_linear_projection=True,
                down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2, up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
                addition_embed_type="text_time", addition_time_embed_dim=256, projection_class_embeddings_input_dim=wide + 6 * 256,
            ),
            "vae": vae(1024, 0.13025),
            "text_encoder": CLIPTextModel(text(narrow, 12, hidden_act="quick_gelu")),
            "text_encoder_2": CLIPTextModelWithProjection(text(wide, 32, hidden_act="gelu", projection_dim=wide)),
        }


def random(shape, generator):
    scale = 1 / math.sqrt(math.prod(shape[1:])) if len(shape) > 1 else 0.02
    return torch.from_numpy(generator.standard_normal(shape, dtype=np.float32) * scale) + (1 if len(shape) == 1 else 0) * 0.5


def write(path, shapes, values, dtype):
    """As safetensors' own library, but one tensor at a time."""
    header, place = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in shapes.items():
        end = place + math.prod(shape) * dtype.itemsize
        header[name] = {"dtype": next(key for key, value in DTYPES.items() if value == dtype), "shape": list(shape), "data_offsets": [place, end]}
        place = end
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    with path.open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        for name, shape in shapes.items():
            file.write(values(name, shape).to(dtype).contiguous().view(torch.uint8).numpy().tobytes())


def shapes_of(state):
    """Without position ids and single numbers, which are no weights."""
    return {name: tuple(value.shape) for name, value in state.items() if value.is_floating_point() and value.ndim > 0}


def single_file(parts):
    """The weights by the names of a single file, without numbers."""
    states = {part: network.state_dict() for part, network in parts.items()}
    stored = ldm.unet(states["unet"], 2) | ldm.vae(states["vae"])
    if "text_encoder_2" not in parts:
        return stored | ldm.clip(states["text_encoder"], "cond_stage_model.transformer.")
    return stored | ldm.clip(states["text_encoder"], "conditioner.embedders.0.transformer.") | ldm.open_clip(states["text_encoder_2"], "conditioner.embedders.1.model.")


def write_folder(parts, target, dtype, generator):
    """In diffusers' layout, without model_index.json."""
    for part, network in parts.items():
        (target / part).mkdir(parents=True)
        network.config.to_json_file(target / part / "config.json") if part.startswith("text") else network.save_config(target / part)
        write(target / part / f"{FILES[part]}.safetensors", shapes_of(network.state_dict()), lambda _, shape: random(shape, generator), dtype)


def main():
    source, target, dtype = sys.argv[1], Path(sys.argv[2]), DTYPES[sys.argv[3] if len(sys.argv) > 3 else "F32"]
    generator = np.random.default_rng(0)
    families = {"sd15": sd15, "sdxl": sdxl}
    if source in families:
        parts = families[source]()
        if target.suffix == ".safetensors":
            write(target, shapes_of(single_file(parts)), lambda _, shape: random(shape, generator), dtype)
            return
        write_folder(parts, target, dtype, generator)
        (target / "model_index.json").write_text(json.dumps({"_class_name": f"StableDiffusion{'XL' * (source == 'sdxl')}Pipeline"}))
        return
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.safetensors"))
    for file in Path(source).glob("*/*.safetensors"):
        with safe_open(file, "pt") as tensors:
            shapes = {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}
            write(target / file.relative_to(source), shapes, lambda name, _: tensors.get_tensor(name), dtype)


if __name__ == "__main__":
    main()
