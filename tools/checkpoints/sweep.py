"""Checkpoints that were never seen before and what diffusers paints with them: python tools/checkpoints/sweep.py FOLDER SEED FILES

Writes FOLDER/models/* and FOLDER/cases.json, which packages/pipeline/src/parity/sweep.ts paints again and compares. Every model has widths, depths,
heads, number formats and a layout of its own, as single files and folders in circulation have them.
"""

import json
import random
import re
import sys
import warnings
from pathlib import Path

from small_pipelines import DTYPES, Small, save  # Which also says where the next ones are found.

import make_pictures
import make_pipelines
import numbers_alike as numbers
import torch
from safetensors.torch import load_file

warnings.filterwarnings("ignore")
torch.set_num_threads(1)

PROMPTS = ["a photo of a strawberry", "night sky over the sea, blue, dark", "x", "a long list of words, " * 12]
SAMPLERS = ["euler", "euler_a", "heun", "ddim", "pndm", "unipc", "dpmpp_2m", "lms"]


def model_for(rng, name):
    """A model, and what a sidecar has to say of it."""
    kind = rng.choice(["sd1", "sd1", "sd2", "sd2", "sdxl", "sdxl", "sdxl-refiner"])
    levels = 2 if rng.random() < 0.15 else 3 if kind == "sdxl" or rng.random() < 0.3 else 4
    widths = tuple(rng.choice([32, 64, 96, 128] if kind == "sd1" else [32, 64, 128, 192]) for _ in range(levels))
    depths = [rng.choice([0, 1, 1, 2]) for _ in range(levels)]
    if kind == "sdxl-refiner":
        depths[-1] = 0
    if kind == "sdxl":
        depths[-1] = depths[-1] or 1
    if not any(depths):
        depths[0] = 1
    # The pictures are smaller than models paint them.
    sidecar, options = {"sizes": {"min": 8}}, {}
    texts = [rng.choice([32, 48, 64, 128, 192]) for _ in range(2 if kind == "sdxl" else 1)]
    if rng.random() < 0.25:
        heads = rng.choice([1, 2, 4])
        options["heads"] = (heads,) * levels
        sidecar["heads"] = {"unet": heads if rng.random() < 0.5 else [heads] * levels}
    if rng.random() < 0.25:
        options["text_heads"] = 4
        parts = {"sdxl": ["text_encoder", "text_encoder_2"], "sdxl-refiner": ["text_encoder_2"]}.get(kind, ["text_encoder"])
        sidecar["heads"] = {**sidecar.get("heads", {}), **{part: 4 for part in parts}}
    if kind.startswith("sdxl"):
        options |= dict(pooled=rng.choice([None, 64, 96]), size=rng.choice([8, 16, 32]))
    elif rng.random() < 0.1:
        options["guidance"] = rng.choice([32, 256])
    if rng.random() < 0.15:
        options["middle"] = False
    scheduler = {}
    predicts_v = rng.random() < 0.35
    if predicts_v:
        scheduler["prediction_type"] = "v_prediction"
    if rng.random() < 0.15:
        scheduler["rescale_betas_zero_snr"] = True
    model = Small(name, kind, widths, depths, texts, vae=tuple(rng.choice([32, 64]) for _ in range(4)), channels=rng.choice([4, 4, 9]) if not options.get("guidance") else 4,
                  per_level=rng.choice([1, 2, 2, 3]), scheduler=scheduler, layers=rng.choice([2, 3, 4, 23] if kind == "sd2" else [2, 3, 4] if kind == "sd1" else [3, 4]), **options)
    return model, sidecar


def numbered(model, rng):
    """Random numbers in its weights, as formats of the file leave them, and a mean in what it answers that tells v from noise."""
    style = rng.choice([["F32"], ["F16"], ["F16"], ["BF16"], ["F8_E4M3"], ["F16", "F32"], ["BF16", "F16", "F8_E5M2", "F32"]])
    dtypes = {}
    for part, network in model.parts().items():
        state = network.state_dict()
        for seed, (name, tensor) in enumerate(sorted(state.items())):
            if tensor.dtype == torch.int64:
                continue
            values = numbers.weight(name, tuple(tensor.shape), seed + rng.randrange(10**6))
            if name == "conv_out.bias" and part == "unet" and model.kind == "sd2":
                values += -1.2 if model.scheduler_json.get("prediction_type") else 0.4
            dtypes[part, name] = DTYPES[rng.choice(style)]
            state[name] = values.to(dtypes[part, name]).float()
        network.load_state_dict(state)
    return dtypes


def narrowed(stored, dtypes_of, rng):
    """Each tensor in the narrowest of such formats that loses nothing of it."""
    def narrow(tensor):
        order = [torch.float8_e5m2, torch.float8_e4m3fn, torch.bfloat16, torch.float16]
        fits = [dtype for dtype in order if dtype in dtypes_of and torch.equal(tensor.to(dtype).float(), tensor)]
        return tensor.to(fits[0]) if fits else tensor

    return {name: narrow(tensor) if tensor.dtype == torch.float32 else tensor for name, tensor in stored.items()}


def split(stored, prefix):
    own = {name: tensor for name, tensor in stored.items() if name.startswith(prefix)}
    return own, {name: tensor for name, tensor in stored.items() if name not in own}


def bare(own, prefix, rng):
    """A part alone, as files of it have it or cut out of a whole one."""
    return {name.removeprefix(prefix): tensor for name, tensor in own.items()} if rng.random() < 0.5 else own


def single_file(model, dtypes, sidecar, rng, path):
    """Writes it as people have it: with what trainers leave behind, and names as programs have changed them."""
    stored, metadata = narrowed(model.stored(), set(dtypes.values()), rng), {}
    notes = []

    def rename(pattern, to, note):
        nonlocal stored
        stored = {re.sub(pattern, to, name): tensor for name, tensor in stored.items()}
        notes.append(note)

    def chance(share):
        return rng.random() < share

    if model.kind in ("sd1", "sdxl") and chance(0.3):
        rename(r"^(cond_stage_model\.transformer\.|conditioner\.embedders\.0\.transformer\.)text_model\.", r"\1", "no text_model.")
    if model.kind == "sd2" and model.text_encoders[0].config.num_hidden_layers == 23:
        # The real ones store a last layer that nobody reads.
        stored |= {name.replace(".22.", ".23."): torch.ones_like(tensor) for name, tensor in stored.items() if ".resblocks.22." in name}
        notes.append("24 layers")
    if model.kind == "sd2" and chance(0.3):
        rename(r"^cond_stage_model\.model\.", "conditioner.embedders.0.model.", "embedders.0")
    if chance(0.3):
        rename(r"^(.*\.model\.)text_projection$", r"\1text_projection.weight", "text_projection.weight")
        for name in stored:
            if name.endswith(".text_projection.weight"):
                stored[name] = stored[name].T.contiguous()
    if chance(0.3):
        stored = {name: tensor[:, :, 0, 0] if ".attn_1." in name and tensor.ndim == 4 else tensor for name, tensor in stored.items()}
        notes.append("2-D VAE attention")
    if chance(0.3):
        for name in [name for name in stored if name.startswith("model.diffusion_model.")][:150]:
            stored["model_ema." + name.removeprefix("model.").replace(".", "")] = torch.zeros(stored[name].shape)
        stored |= {"model_ema.decay": torch.tensor(0.9), "model_ema.num_updates": torch.tensor(7), "alphas_cumprod": torch.rand(1000), "betas": torch.rand(1000),
                   "sqrt_alphas_cumprod": torch.rand(1000), "logvar": torch.rand(1000), "first_stage_model.loss.logvar": torch.tensor(0.1), "global_step": torch.tensor(470000)}
        notes.append("training")
    if chance(0.3):
        for name in stored:
            if name.endswith("position_ids"):
                stored[name] = stored[name].float() * 0.999
        notes.append("float position_ids")
    if model.kind == "sd1" and chance(0.15) and not model.unet.config.time_cond_proj_dim:
        rename(r"^model\.diffusion_model\.", "diffusion_model.", "diffusion_model.")
    predicts_v = "prediction_type" in model.scheduler_json
    if predicts_v:
        ways = ["metadata", "sidecar", "marker"] + (["run"] * 3 if model.kind == "sd2" and model.unet.config.in_channels == 4 else [])
        way = rng.choice(ways)
        notes.append(f"v by {way}")
        if way == "metadata":
            metadata["modelspec.prediction_type"] = rng.choice(["v", "v_prediction"])
        elif way == "sidecar":
            sidecar["prediction"] = "v"
        elif way == "marker":
            stored["v_pred"] = torch.zeros(0)
    if model.scheduler_json.get("rescale_betas_zero_snr"):
        stored["ztsnr"] = torch.zeros(0)
    if chance(0.3):
        own, rest = split(stored, "first_stage_model.")
        (path.parent / "vae").mkdir(exist_ok=True)
        save(bare(own, "first_stage_model.", rng), path.parent / "vae" / path.name)
        replaced = chance(0.4)
        stored = rest | ({name: torch.zeros_like(tensor) for name, tensor in own.items()} if replaced else {})
        sidecar["vae"] = path.name
        notes.append("another VAE" if replaced else "VAE apart")
    prefix = {"sd1": "cond_stage_model.transformer.", "sd2": "cond_stage_model.model.", "sdxl": "conditioner.embedders.1.model."}.get(model.kind)
    if prefix and any(name.startswith(prefix) for name in stored) and chance(0.2):
        own, stored = split(stored, prefix)
        part = "text_encoder_2" if model.is_xl else "text_encoder"
        sidecar[part] = f"{path.stem}-text.safetensors"
        save(bare(own, prefix, rng), path.parent / sidecar[part])
        notes.append(f"{part} apart")
    path.with_suffix(".json").write_text(json.dumps(sidecar))
    save(stored, path, metadata or None)
    return notes


def folder(model, dtypes, sidecar, rng, path):
    """Writes it as diffusers saves it, with what it states of itself."""
    notes = []
    sharded, variant = rng.random() < 0.4, rng.choice([None, None, "fp16"])
    model.pipeline().save_pretrained(path, variant=variant, max_shard_size="300KB" if sharded else "10GB")
    (path / "pentimento.json").write_text(json.dumps({**sidecar, "heads": {}}))
    (path / "scheduler/scheduler_config.json").write_text(json.dumps(model.scheduler_json))
    for file in path.glob("*/*.safetensors"):
        save(narrowed(load_file(file), set(dtypes.values()), rng), file, {"format": "pt"})
    if rng.random() < 0.4:
        old = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
        for file in path.glob("vae/*.safetensors"):
            saved = load_file(file)
            for ours, theirs in old.items():
                saved = {name.replace(f".attentions.0.{ours}.", f".attentions.0.{theirs}."): tensor for name, tensor in saved.items()}
            save(saved, file, {"format": "pt"})
        for file in path.glob("vae/*.json"):
            text = file.read_text()
            for ours, theirs in old.items():
                text = text.replace(f".attentions.0.{ours}.", f".attentions.0.{theirs}.")
            file.write_text(text)
        notes.append("old VAE names")
    prefixed = rng.random() < 0.5
    for file in path.glob("text_encoder*/*.safetensors"):
        saved = load_file(file)
        if prefixed and not sharded and not any(name.startswith("text_model.") for name in saved):
            save({name if name.startswith("text_projection") else f"text_model.{name}": tensor for name, tensor in saved.items()}, file, {"format": "pt"})
            notes.append("text_model.")
    return [*notes, "sharded" if sharded else "whole", str(variant)]


def case_for(rng, model):
    is_lcm, is_inpaint = bool(model.unet.config.time_cond_proj_dim), model.unet.config.in_channels == 9
    picture, mask = rng.choice([("sketch", "block"), ("odd", "odd")])
    sampler = "lcm" if is_lcm else rng.choice(SAMPLERS)
    # With few steps and next to no guidance, as distilled models are asked.
    few = dict(steps=rng.choice([2, 4]), guidanceScale=1, schedule=rng.choice(["automatic", "sgm_uniform"])) if not is_lcm and rng.random() < 0.2 else {}
    case = make_pipelines.case(model.name, **dict(sampler=sampler, picture=picture, prompt=rng.choice(PROMPTS), negativePrompt=rng.choice(["", "dark, ugly"]),
                                                  guidanceScale=rng.choice([1, 3, 7.5]), seed=rng.randrange(2**32 - 2), steps=rng.choice([3, 5, 8]),
                                                  strength=rng.choice([0.5, 0.75, 0.9, 1]), clipSkip=rng.choice([1, 1, 2]), numImages=rng.choice([1, 1, 2])) | few)
    choice = rng.random()
    if is_inpaint or (not is_lcm and choice < 0.35):
        return case | dict(kind="inpaint", mask=mask)
    if choice > 0.7 and model.kind != "sdxl-refiner":
        return case | dict(kind="txt2img", width=rng.choice([64, 72, 88]), height=rng.choice([48, 64, 80]))
    return case


def main(where, seed, files):
    rng = random.Random(seed)
    models = Path(where) / "models"
    models.mkdir(parents=True, exist_ok=True)
    results = []
    for i in range(files):
        model, sidecar = model_for(rng, f"{i}")
        # By whose ends make_pipelines knows it.
        model.name = f"{'sdxl' if model.is_xl else 'sd'}-{seed}-{i}-{model.kind}"
        dtypes = numbered(model, rng)
        as_file = rng.random() < 0.65
        path = models / (f"{model.name}.safetensors" if as_file else model.name)
        notes = (single_file if as_file else folder)(model, dtypes, sidecar, rng, path)
        model.ready()
        make_pictures.register(model)
        for _ in range(2):
            case = case_for(rng, model)
            try:
                painted = make_pictures.paint(case)
            except Exception as error:  # Some combinations are beyond diffusers itself.
                print("diffusers cannot:", repr(error)[:200], case)
                continue
            results.append({**painted, "model": path.name})
        make_pictures.forget()
        print(path.name, model.unet.config.block_out_channels, model.per_level, *notes, *sidecar.get("heads", {}).items(), flush=True)
    (Path(where) / "cases.json").write_text(json.dumps({**make_pictures.pictures(), "cases": results}))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
