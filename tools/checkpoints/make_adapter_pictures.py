"""packages/pipeline/fixtures/reference/adapters.json.gz: whole pictures by diffusers' pipelines with LoRAs (`load_lora_weights`, PEFT) and embeddings (`load_textual_inversion`).

Of every file it has names and shapes alone; its numbers TypeScript makes alike (numbers_alike.py), those of adapters from a seed, times a scale, plus a centre.
"""

import copy
import math
import tempfile
from pathlib import Path

from small_pipelines import Small  # Which also says where the next ones are found.

import make_pipelines
import make_pictures
import numbers_alike as numbers
import store
import torch

RANK, ALPHA = 4, 2.0


def made(shape, seed, scale, centre=0.0):
    values = numbers.uniform(seed, max(1, math.prod(shape))) * scale + centre
    return [list(shape), seed, scale, centre], torch.from_numpy(values.astype("float32")).reshape(shape)


class Adapter:
    """A file as it is described, and its tensors."""

    def __init__(self):
        self.described, self.tensors = {}, {}

    def add(self, name, shape, scale, centre=0.0):
        self.described[name], self.tensors[name] = made(shape, 9000 + 17 * len(self.tensors), scale, centre)


def layers(network, every, first):
    """Every few of those that LoRAs are made for. diffusers tells how a text encoder's layers are called from one that ends its attention, so it has to be among them."""
    found = [(name.removeprefix("text_model."), module) for name, module in network.named_modules() if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)) and "attentions" in name + "attentions" * ("layers" in name)]
    return [pair for i, pair in enumerate(found) if i % every == first]


def lora(parts, style, every, first):
    """@param parts networks by the prefix that their layers have"""
    adapter = Adapter()
    for prefix, network in parts.items():
        for name, layer in layers(network, every, first):
            outputs, inputs, *kernel = layer.weight.shape
            down, up = (RANK, inputs, *kernel), (outputs, RANK, *[1] * len(kernel))
            if style == "peft":
                adapter.add(f"{prefix}{name}.lora_A.weight", down, 0.3)
                adapter.add(f"{prefix}{name}.lora_B.weight", up, 0.3)
                continue
            adapter.add(f"{prefix}{name.replace('.', '_')}.lora_down.weight", down, 0.4)
            adapter.add(f"{prefix}{name.replace('.', '_')}.lora_up.weight", up, 0.4)
            adapter.add(f"{prefix}{name.replace('.', '_')}.alpha", (), 0, ALPHA)
    return adapter


def embedding(**tensors):
    adapter = Adapter()
    for name, shape in tensors.items():
        adapter.add(name, shape, 1.2)
    return adapter


def text(prefix, dotted):
    """The layers' names begin with text_model in files, whatever the class calls them."""
    return f"{prefix}text_model." if dotted else f"{prefix}text_model_"


def adapters(sd1, sdxl):
    first, second = sdxl.text_encoders
    return {
        "bold": lora({"lora_unet_": sd1.unet, text("lora_te_", False): sd1.text_encoders[0]}, "kohya", 3, 0),
        "soft": lora({"lora_unet_": sd1.unet, text("lora_te_", False): sd1.text_encoders[0]}, "kohya", 2, 1),
        "wide": lora({"unet.": sdxl.unet, text("text_encoder.", True): first, text("text_encoder_2.", True): second}, "peft", 3, 1),
        "late": lora({"lora_unet_": sdxl.unet, text("lora_te1_", False): first, text("lora_te2_", False): second}, "kohya", 3, 0),
        "moodling": embedding(emb_params=(3, 64)),
        "hushling": embedding(**{"<hushling>": (1, 64)}),
        "duetling": embedding(clip_l=(2, 32), clip_g=(2, 64)),
    }


def cases():
    def case(model, **fields):
        return make_pipelines.case("tiny-" + model, **{"steps": 4, **fields})

    def use(name, weight, text_weight=None):
        return {"name": name, "weight": weight, "textWeight": weight if text_weight is None else text_weight}

    yield case("sd1", loras=[use("bold", 0.8)])
    yield case("sd1", loras=[use("bold", 0.5, 1), use("soft", -0.6)], sampler="euler", **make_pictures.PAINT)
    yield case("sd1", embeddings=["moodling", "hushling"], prompt="a pear in moodling, blue", negativePrompt="hushling", **make_pictures.TEXT)
    yield case("sd1", embeddings=["moodling"], prompt="moodling", loras=[use("soft", 1)], sampler="euler_a", numImages=2)
    yield case("sdxl", loras=[use("wide", 0.7)], negativePrompt="dark")
    yield case("sdxl", loras=[use("late", 1, 0.4), use("wide", -0.4)], sampler="euler", **make_pictures.TEXT)
    yield case("sdxl", embeddings=["duetling"], prompt="a photo, duetling", loras=[use("late", 0.6)], sampler="euler", **make_pictures.PAINT)


def take_loras(pipeline, uses, files):
    for use in uses:
        pipeline.load_lora_weights(dict(files[use["name"]].tensors), adapter_name=use["name"])
    weights = []
    for use in uses:
        parts = {"unet": use["weight"], "text_encoder": use["textWeight"]}
        weights.append(parts | ({"text_encoder_2": use["textWeight"]} if hasattr(pipeline, "text_encoder_2") else {}))
    pipeline.set_adapters([use["name"] for use in uses], weights)


def take_words(pipeline, names, files):
    for name in names:
        tensors = files[name].tensors
        if "clip_g" in tensors:
            pipeline.load_textual_inversion({name: tensors["clip_l"]}, token=name, text_encoder=pipeline.text_encoder, tokenizer=pipeline.tokenizer)
            pipeline.load_textual_inversion({name: tensors["clip_g"]}, token=name, text_encoder=pipeline.text_encoder_2, tokenizer=pipeline.tokenizer_2)
        else:
            pipeline.load_textual_inversion({name: next(iter(tensors.values()))}, token=name)


def main():
    sd1 = Small("sd1", "sd1", (32, 64, 64, 64), make_pictures.SD, [64])
    sdxl = Small("sdxl", "sdxl", (32, 64, 64), make_pictures.XL, [32, 64])
    stored = {}
    for model in (sd1, sdxl):
        with tempfile.TemporaryDirectory() as folder:
            stored[model.name] = {"stored": make_pictures.fill(model, ["F32"], {}, Path(folder) / "model.safetensors")}
        make_pictures.register(model)
    files = adapters(sd1, sdxl)
    plain = make_pipelines.pipeline_for

    def pipeline_for(model, case):
        changed = copy.deepcopy(model)
        for encoder in changed.text_encoders:
            encoder.__dict__.pop("text_model", None)  # By which diffusers would tell its class wrong.
        pipeline = plain(changed, case)
        if case.get("loras"):
            take_loras(pipeline, case["loras"], files)
        take_words(pipeline, case.get("embeddings", []), files)
        return pipeline

    results = []
    for one in cases():
        make_pipelines.pipeline_for = pipeline_for
        painted = make_pictures.paint(one)
        make_pipelines.pipeline_for = plain
        without = make_pictures.paint(one)["images"]
        print(one["model"], one.get("loras"), one.get("embeddings"), "moves" if without != painted["images"] else "MOVES NOTHING", flush=True)
        results.append({**painted, "model": one["model"].removeprefix("tiny-")})
    described = {name: adapter.described for name, adapter in files.items()}
    store.write("adapters", {"files": stored, "adapters": described, **make_pictures.pictures(), "cases": results})


if __name__ == "__main__":
    main()
