"""packages/pipeline/fixtures/reference/references.json.gz: whole pictures by diffusers' pipelines with IP-Adapters (`load_ip_adapter`).

Of every file it has names and shapes alone; its numbers TypeScript makes alike (numbers_alike.py), as those of make_adapter_pictures.py.
"""

import copy
import functools
import math
import tempfile
from pathlib import Path

from make_adapter_pictures import Adapter
from small_pipelines import Small  # Which also says where the next ones are found.

import make_pipelines
import make_pictures
import store
import tiny
import torch
from diffusers.models.attention_processor import Attention
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

PICTURES = {"wide": tiny.sketch(83, 47), "tall": tiny.block_mask(40, 101, [(0.1, 0.2, 0.8, 0.5, 220), (0.3, 0.6, 0.9, 0.9, 90)]).convert("RGB")}


def add(adapter, name, shape):
    """Numbers that leave what a layer gives about as large as what it takes; norms around 1."""
    if len(shape) > 1:
        adapter.add(name, shape, (3 / math.prod(shape[1:])) ** 0.5)
    else:
        adapter.add(name, shape, 0.1, 1.0 if "norm" in name and name.endswith("weight") else 0.0)


def encoder(config):
    """An encoder of pictures with such numbers, and its file."""
    network = CLIPVisionModelWithProjection(CLIPVisionConfig(**config)).eval()
    file, state = Adapter(), network.state_dict()
    for name in sorted(name for name in state if not name.endswith("position_ids")):
        add(file, name, tuple(state[name].shape))
    network.load_state_dict(file.tensors, strict=False)
    return network, file


def pairs(adapter, unet, context):
    """Keys and values for each layer that reads the text, in the order of diffusers' processors, with every second number."""
    crossed = [name for name in unet.attn_processors if name.endswith("attn2.processor")]
    modules = dict(unet.named_modules())
    for i, name in enumerate(crossed):
        attention = modules[name.removesuffix(".processor")]
        assert isinstance(attention, Attention)
        for which in ("to_k_ip", "to_v_ip"):
            adapter.add(f"ip_adapter.{2 * i + 1}.{which}.weight", (attention.to_k.out_features, context), 2 * (3 / context) ** 0.5)
    return adapter


def plain(unet, context, width):
    adapter = Adapter()
    add(adapter, "image_proj.proj.weight", (4 * context, width))
    add(adapter, "image_proj.proj.bias", (4 * context,))
    for leaf in ("weight", "bias"):
        add(adapter, f"image_proj.norm.{leaf}", (context,))
    return pairs(adapter, unet, context)


def full(unet, context, width):
    adapter = Adapter()
    add(adapter, "image_proj.proj.0.weight", (width, width))
    add(adapter, "image_proj.proj.0.bias", (width,))
    add(adapter, "image_proj.proj.2.weight", (context, width))
    add(adapter, "image_proj.proj.2.bias", (context,))
    adapter.add("image_proj.proj.3.weight", (context,), 0.1, 1.0)
    adapter.add("image_proj.proj.3.bias", (context,), 0.1)
    return pairs(adapter, unet, context)


def plus(unet, context, width, tokens, inside, heads, depth=4):  # diffusers reads no other depth
    adapter, inner = Adapter(), 64 * heads
    adapter.add("image_proj.latents", (1, tokens, inside), 1.0)
    add(adapter, "image_proj.proj_in.weight", (inside, width))
    add(adapter, "image_proj.proj_in.bias", (inside,))
    add(adapter, "image_proj.proj_out.weight", (context, inside))
    add(adapter, "image_proj.proj_out.bias", (context,))
    for leaf in ("weight", "bias"):
        add(adapter, f"image_proj.norm_out.{leaf}", (context,))
    for i in range(depth):
        layer = f"image_proj.layers.{i}"
        for leaf in ("weight", "bias"):
            add(adapter, f"{layer}.0.norm1.{leaf}", (inside,))
            add(adapter, f"{layer}.0.norm2.{leaf}", (inside,))
        add(adapter, f"{layer}.0.to_q.weight", (inner, inside))
        add(adapter, f"{layer}.0.to_kv.weight", (2 * inner, inside))
        add(adapter, f"{layer}.0.to_out.weight", (inside, inner))
        adapter.add(f"{layer}.1.0.weight", (inside,), 0.1, 1.0)
        adapter.add(f"{layer}.1.0.bias", (inside,), 0.1)
        add(adapter, f"{layer}.1.1.weight", (4 * inside, inside))
        add(adapter, f"{layer}.1.3.weight", (inside, 4 * inside))
    return pairs(adapter, unet, context)


def cases():
    def case(model, adapter, encoder, picture, scale, **fields):
        reference = {"adapter": adapter, "encoder": encoder, "picture": picture, "scale": scale}
        return {**make_pipelines.case("tiny-" + model, **{"steps": 4, **fields}), "reference": reference}

    yield case("sd1", "sd1-plain", "eye", "wide", 0.6)
    yield case("sd1", "sd1-plain", "eye", "tall", 1, sampler="euler", numImages=2, **make_pictures.PAINT)
    yield case("sd1", "sd1-plus", "eye", "wide", 0.8, negativePrompt="blurry, dark", **make_pictures.TEXT)
    yield case("sd1", "sd1-plus", "many-headed-eye", "tall", 0.5, sampler="euler_a", guidanceScale=1)
    yield case("sd1", "sd1-full", "eye", "wide", 0.7, sampler="euler")
    yield case("sdxl", "sdxl-plain", "many-headed-eye", "wide", 0.6, sampler="euler", **make_pictures.PAINT)
    yield case("sdxl", "sdxl-plus", "eye", "tall", 0.9, negativePrompt="dark")
    yield case("sdxl", "sdxl-plus", "eye", "wide", 0.3, sampler="euler", **make_pictures.TEXT)


def main():
    sd1 = Small("sd1", "sd1", (32, 64, 64, 64), make_pictures.SD, [64])
    sdxl = Small("sdxl", "sdxl", (32, 64, 64), make_pictures.XL, [32, 64])
    stored = {}
    for model in (sd1, sdxl):
        with tempfile.TemporaryDirectory() as folder:
            stored[model.name] = {"stored": make_pictures.fill(model, ["F32"], {}, Path(folder) / "model.safetensors")}
        make_pictures.register(model)
    configs = {
        "eye": dict(hidden_size=64, intermediate_size=160, num_hidden_layers=3, num_attention_heads=1, image_size=32, patch_size=8, projection_dim=48, hidden_act="gelu"),
        "many-headed-eye": dict(hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, image_size=42, patch_size=14, projection_dim=40, hidden_act="quick_gelu"),
    }
    encoders = {name: encoder(config) for name, config in configs.items()}
    files = {
        "sd1-plain": plain(sd1.unet, 64, 48),
        "sd1-plus": plus(sd1.unet, 64, 64, 5, 96, 2),
        "sd1-full": full(sd1.unet, 64, 64),
        "sdxl-plain": plain(sdxl.unet, 96, 40),
        "sdxl-plus": plus(sdxl.unet, 96, 64, 16, 64, 1),
    }
    pipeline_for = make_pipelines.pipeline_for

    def with_adapter(model, case):
        reference = case["reference"]
        network, _ = encoders[reference["encoder"]]
        side = network.config.image_size
        pipeline = pipeline_for(copy.deepcopy(model), case)
        pipeline.register_modules(image_encoder=network, feature_extractor=CLIPImageProcessor(size=side, crop_size=side))
        state = {"image_proj": {}, "ip_adapter": {}}
        for name, tensor in files[reference["adapter"]].tensors.items():
            part, rest = name.split(".", 1)
            state[part][rest] = tensor
        pipeline.load_ip_adapter(state, subfolder="", weight_name="", low_cpu_mem_usage=False)
        pipeline.set_ip_adapter_scale(reference["scale"])
        return functools.partial(pipeline, ip_adapter_image=PICTURES[reference["picture"]])

    results = []
    for one in cases():
        make_pipelines.pipeline_for = with_adapter
        painted = make_pictures.paint(one)
        make_pipelines.pipeline_for = pipeline_for
        without = make_pictures.paint(one)["images"]
        print(one["model"], one["reference"], "moves" if without != painted["images"] else "MOVES NOTHING", flush=True)
        results.append({**painted, "model": one["model"].removeprefix("tiny-")})
    tiny.PICTURES.update(PICTURES)
    make_pictures.PICTURES.update(PICTURES)
    adapters = {name: file.described for name, file in [*files.items(), *((name, file) for name, (_, file) in encoders.items())]}
    store.write("references", {"files": stored, "adapters": adapters, "configs": configs, **make_pictures.pictures(), "cases": results})


if __name__ == "__main__":
    main()
