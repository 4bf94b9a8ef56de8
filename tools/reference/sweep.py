"""Models that were never seen before and what diffusers paints with them: python tools/reference/sweep.py FOLDER SEED MODELS [CASES]

Writes FOLDER/models/* and FOLDER/cases.json, which packages/pipeline/src/parity/sweep.ts paints again and compares. Every model has
sizes, a tokenizer, a noise table and scheduler options of its own; its cases go over samplers, schedules, strengths and kinds.
"""

import json
import random
import sys
import warnings
from pathlib import Path

import diffusers

import make_pipelines
import store
from make_diffusers import CLASSES
from tiny import keep, stored_pictures  # Which also says where the next ones are found.

from build import write_model  # noqa: E402
from tiny_models import TinyModel, calibrate  # noqa: E402
from tiny_parts import TinyVae, tiny_text_encoder, tiny_unet  # noqa: E402

warnings.filterwarnings("ignore")

PROMPTS = ["a photo of a strawberry", "night sky over the sea, blue, dark", "x", "", "a long list of words, " * 12]
TABLES = [{}, {}, {}, {"beta_schedule": "linear"}, {"beta_schedule": "squaredcos_cap_v2"}, {"beta_end": 0.02}, {"num_train_timesteps": 500}]
# Sampler to the schedules that its class has. DPMSolverSDE draws its noise from another generator.
SCHEDULES = {s: ["automatic", "sgm_uniform", "ddim", "uniform"] for s in CLASSES if s != "dpmpp_sde"}
for sampler in ("euler", "heun", "dpm2", "dpm2_a", "lms", "unipc", "dpmpp_2m", "dpmpp_2m_sde"):
    SCHEDULES[sampler] = [*SCHEDULES[sampler], "karras", "exponential", "beta"]
SCHEDULES["lcm"] = ["automatic"]


def scheduler_for(rng):
    config = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000,
              "steps_offset": rng.choice([0, 1, 1]), "clip_sample": False, **rng.choice(TABLES)}
    if rng.random() < 0.4:
        config["timestep_spacing"] = rng.choice(["linspace", "leading", "trailing"])
    if rng.random() < 0.3:
        config["set_alpha_to_one"] = rng.random() < 0.5
    if rng.random() < 0.2:
        config["final_sigmas_type"] = "sigma_min"
    if rng.random() < 0.2:
        config[rng.choice(["use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"])] = True
    return config


def model_for(rng, name, kind):
    channels = 9 if kind.endswith("inpaint") else 4
    xl = kind.startswith("sdxl")
    tokens, merges = rng.choice([16, 40, 64, 77, 77, 100]), rng.choice([100, 254, 900])
    vocabulary = 2 * 256 + merges + 2
    scheduler = scheduler_for(rng)
    prediction = "v" if rng.random() < 0.3 else "epsilon"
    if prediction == "v":
        scheduler["prediction_type"] = "v_prediction"
        if rng.random() < 0.5:
            scheduler |= {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    widths = [rng.choice([16, 24, 32, 48]) for _ in range(2 if xl else 1)]
    encoders = [tiny_text_encoder(vocabulary, width=width, layers=rng.choice([3, 4]), act=rng.choice(["quick_gelu", "gelu"]), projection=i == 1,
                                  seed=rng.randrange(10**6), tokens=tokens) for i, width in enumerate(widths)]
    extra = {}
    if xl:
        extra = dict(addition_embed_type="text_time", addition_time_embed_dim=8, projection_class_embeddings_input_dim=6 * 8 + widths[1])
    unet = tiny_unet(text_dim=sum(widths), channels=channels, prediction=prediction, seed=rng.randrange(10**6),
                     blocks=rng.choice([(8, 16), (4, 8), (8, 8, 16)]), layers=rng.choice([1, 2]), **extra)
    era = rng.choice(["optimum-1.24", "diffusers"]) if not xl else "optimum-1.24"
    model = TinyModel(name, name, "StableDiffusionXLPipeline" if xl else "StableDiffusionPipeline", era, unet,
                      TinyVae(scaling_factor=rng.choice([0.18215, 0.13025, 0.3])), diffusers.DDIMScheduler(), encoders,
                      pad_token=rng.choice(["<|endoftext|>", "!"]), tokens=tokens, merges=merges, hidden_states=xl or rng.random() < 0.5,
                      zero_empty_negative=xl and rng.random() < 0.5)
    return calibrate(model), scheduler


def case_for(rng, name, kind, hidden_states):
    sampler = rng.choice(list(SCHEDULES))
    painted = kind.endswith("inpaint") or rng.random() < 0.4
    picture, mask = rng.choice([("sketch", "block"), ("tall", "two"), ("odd", "odd")])
    case = make_pipelines.case(name, sampler=sampler, schedule=rng.choice(SCHEDULES[sampler]), picture=picture, prompt=rng.choice(PROMPTS),
                               negativePrompt=rng.choice(["", "dark, ugly", "red"]), guidanceScale=rng.choice([1, 3, 7.5]), seed=rng.randrange(2**32),
                               steps=rng.choice([2, 3, 5, 8, 12, 17, 25]), strength=rng.choice([0.35, 0.5, 0.6, 0.75, 0.9, 1]),
                               clipSkip=rng.choice([1, 1, 2]) if hidden_states else 1, numImages=rng.choice([1, 1, 2]))
    if int(case["steps"] * case["strength"]) == 0:
        case["strength"] = 1
    if painted:
        case |= dict(kind="inpaint", mask=mask)
    return case


def main(folder, seed, models, cases=10):
    rng = random.Random(seed)
    folder = Path(folder)
    results = []
    for i in range(models):
        kind = rng.choice(["sd", "sd", "sd", "sd-inpaint", "sdxl", "sdxl", "sdxl-inpaint"])
        name = f"tiny-{kind}-{seed}-{i}"
        model, scheduler = model_for(rng, name, kind)
        write_model(model, folder / "models" / name)
        (folder / "models" / name / "scheduler/scheduler_config.json").write_text(json.dumps(scheduler, indent=2))
        index = {"_class_name": model.pipeline, "force_zeros_for_empty_prompt": model.zero_empty_negative}
        (folder / "models" / name / "model_index.json").write_text(json.dumps(index))
        for part in ("vae_encoder", "vae_decoder"):
            config = {"scaling_factor": model.vae.config.scaling_factor}
            (folder / "models" / name / part / "config.json").write_text(json.dumps(config))
        keep(name, model, folder / "models" / name)
        for _ in range(cases):
            case = case_for(rng, name, kind, model.hidden_states)
            # From there a curve falls from thousands to a hundredth in a step, and float32 keeps no digit of the second slope.
            if scheduler["beta_schedule"] == "squaredcos_cap_v2" and case["schedule"] in make_pipelines.CURVES:
                continue
            try:
                painted = make_pipelines.run(case)
            except Exception as error:  # Some combinations are beyond diffusers itself.
                print("diffusers cannot:", error, case)
                continue
            # Nor are its answers always numbers: those come out black.
            if all(set(image) != {"A", "="} and set(image) != {"A"} for image in painted["images"]):
                results.append(painted)
        print(name, len(results), flush=True)
        (folder / "cases.json").write_text(json.dumps({**stored_pictures(store), "cases": results}))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
