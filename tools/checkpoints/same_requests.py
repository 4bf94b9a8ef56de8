"""Every request of tools/reference/make_pipelines.py once more, with small checkpoints in place of its models: python tools/checkpoints/same_requests.py FOLDER

Those models have parts made by hand, which no checkpoint can hold. These are of the same families, and each lies there as a single file, as diffusers'
folder and as one in shards; the requests take them in turn. Writes FOLDER/models/* and FOLDER/cases.json, which
packages/pipeline/src/parity/sweep.ts paints again and compares. With `--onnx` the first two models are exported too, as FOLDER/models/NAME-onnx.
"""

import json
import random
import sys
import types
from pathlib import Path

import torch
from small_pipelines import Small  # Which also says where the next ones are found.

import make_pictures
import make_pipelines
import sweep
from build import export_model, write_configs
from diffusers import AutoencoderKL, DDIMScheduler
from tiny import stored_pictures
import store

SD, XL, REFINER = make_pictures.SD, make_pictures.XL, make_pictures.REFINER
FOUR, THREE = (32, 64, 64, 64), (32, 64, 64)
MODELS = {
    "tiny-sd1": lambda: Small("sd1", "sd1", FOUR, SD, [64], layers=4),
    "tiny-sdxl": lambda: Small("sdxl", "sdxl", THREE, XL, [32, 64], layers=4),
    "tiny-sd1-inpaint": lambda: Small("sd1-inpaint", "sd1", FOUR, SD, [64], channels=9),
    "tiny-sd2": lambda: Small("sd2", "sd2", FOUR, SD, [64], scheduler={"prediction_type": "v_prediction"}),
    "tiny-sd2-inpaint": lambda: Small("sd2-inpaint", "sd2", FOUR, SD, [64], channels=9),
    "tiny-sdxl-inpaint": lambda: Small("sdxl-inpaint", "sdxl", THREE, XL, [32, 64], channels=9),
    "tiny-sdxl-refiner": lambda: Small("sdxl-refiner", "sdxl-refiner", (64, 64, 128, 64), REFINER, [64]),
    "tiny-lcm": lambda: Small("lcm", "sd1", FOUR, SD, [64], guidance=256),
}


class Fixed:
    """In place of chance: all that is varied with a share above this, and the first of every choice."""

    def __init__(self, share):
        self.share, self.numbers = share, random.Random(1)

    def random(self):
        return self.share

    def choice(self, values):
        return values[0]

    def randrange(self, end):
        return self.numbers.randrange(end)


def export(model, folder):
    """As tools/fixtures exports its models."""
    vae = model.vae
    vae.mean = types.MethodType(lambda self, x: AutoencoderKL.encode(self, x).latent_dist.mean, vae)
    model.era, model.tokens, model.hidden_states, model.defaults, model.title = "optimum-1.24", 77, True, {}, model.name
    model.scheduler = DDIMScheduler(**model.scheduler_json)
    model.pipeline = type(model.pipeline()).__name__
    with torch.no_grad():
        export_model(model, folder)
    write_configs(model, folder)
    del model.pipeline
    for part, tokenizer in model.tokenizers.items():
        tokenizer.save_pretrained(folder / part)
    (folder / "scheduler/scheduler_config.json").write_text(json.dumps(model.scheduler_json))
    (folder / "pentimento.json").write_text("{}")


def main(where, *options):
    models = Path(where) / "models"
    models.mkdir(parents=True, exist_ok=True)
    results, cases = [], list(make_pipelines.cases())
    for name, made in MODELS.items():
        model = made()
        dtypes = sweep.numbered(model, Fixed(1))
        short = model.name
        sweep.single_file(model, dtypes, {}, Fixed(1), models / f"{short}.safetensors")
        sweep.folder(model, dtypes, {}, Fixed(1), models / f"{short}-folder")
        sweep.folder(model, dtypes, {}, Fixed(0), models / f"{short}-sharded")
        if "--onnx" in options and name in ("tiny-sd1", "tiny-sdxl"):
            export(model, models / f"{short}-onnx")
        model.ready()
        make_pictures.register(model)
        own = [case for case in cases if case["model"] == name]
        for number, case in enumerate(own):
            forms = [f"{short}-folder", f"{short}-sharded"] if "scheduler" in case else [f"{short}.safetensors", f"{short}-folder", f"{short}-sharded"]
            painted = make_pipelines.run({**case, "model": model.name})
            results.append({**painted, "model": forms[number % len(forms)]})
        print(short, len(own), flush=True)
        (Path(where) / "cases.json").write_text(json.dumps({**stored_pictures(store), "cases": results}))


if __name__ == "__main__":
    main(*sys.argv[1:])
