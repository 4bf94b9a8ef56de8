"""packages/checkpoints/fixtures/networks.json.gz: what torch computes with small networks in the classes of diffusers and transformers.

Weights and inputs are numbers that TypeScript makes alike (numbers_alike.py); of weights the file has the shapes alone, of outputs a part.
"""

import base64
import gzip
import json
import os
import pathlib

os.environ["HF_HUB_OFFLINE"] = "1"

import diffusers
import numbers_alike as numbers
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

ROOT = pathlib.Path(__file__).parents[2]
DTYPES = {"F64": torch.float64, "F16": torch.float16, "BF16": torch.bfloat16, "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2}
SD = dict(down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",), up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3)
XL = dict(down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2, up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",), use_linear_projection=True)
REFINER = dict(
    down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2 + ("DownBlock2D",),
    up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
    use_linear_projection=True,
)


def added(pooled, ids, each):
    return dict(addition_embed_type="text_time", addition_time_embed_dim=each, projection_class_embeddings_input_dim=pooled + ids * each)


# attention_head_dim is the number of heads.
UNETS = {
    "sd1": dict(block_out_channels=(32, 64, 96, 96), layers_per_block=2, cross_attention_dim=48, attention_head_dim=8, **SD),
    "sd1-inpaint": dict(in_channels=9, block_out_channels=(32, 64, 64, 96), layers_per_block=1, cross_attention_dim=48, attention_head_dim=8, **SD),
    "lcm": dict(block_out_channels=(32, 64, 64, 64), layers_per_block=1, cross_attention_dim=32, attention_head_dim=8, time_cond_proj_dim=24, **SD),
    "sd2": dict(block_out_channels=(64, 128, 128, 64), layers_per_block=2, cross_attention_dim=64, attention_head_dim=(1, 2, 2, 1), use_linear_projection=True, **SD),
    "sdxl": dict(block_out_channels=(64, 64, 128), layers_per_block=2, cross_attention_dim=192, attention_head_dim=(1, 1, 2), transformer_layers_per_block=(1, 2, 3), **XL, **added(128, 6, 16)),
    "sdxl-inpaint": dict(in_channels=9, block_out_channels=(64, 64, 64), layers_per_block=1, cross_attention_dim=192, attention_head_dim=(1, 1, 1), transformer_layers_per_block=(1, 1, 2), **XL, **added(128, 6, 16)),
    "sdxl-refiner": dict(block_out_channels=(64, 128, 64, 64), layers_per_block=1, cross_attention_dim=128, attention_head_dim=(1, 2, 1, 1), transformer_layers_per_block=2, **REFINER, **added(128, 5, 16)),
    # Distilled: no block in the middle.
    "no-middle": dict(block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=32, attention_head_dim=8, mid_block_type=None,
                      down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D")),
}
TEXTS = {
    "clip": dict(hidden_size=128, num_hidden_layers=3, num_attention_heads=2, hidden_act="quick_gelu"),
    "open-clip": dict(hidden_size=64, num_hidden_layers=2, num_attention_heads=1, hidden_act="gelu"),
    "projected": dict(hidden_size=128, num_hidden_layers=3, num_attention_heads=2, hidden_act="gelu", projection_dim=96),
}
WORDS = 300
# Two rows of tokens, which end at different places, and hold the end mark again as padding.
TOKENS = [[298, *range(5, 40), *[299] * 41], [298, 7, 7, 250, 299, *[0] * 72]]


def written(values):
    return base64.b64encode(values.contiguous().float().numpy().tobytes()).decode()


def unet(config):
    network = UNet2DConditionModel(sample_size=8, **config)
    shapes = numbers.fill(network)
    # Sides that do not halve evenly, more tokens than one text has, a noise level between two.
    feeds = {"sample": numbers.inputs((2, network.config.in_channels, 10, 7), 1001), "encoder_hidden_states": numbers.inputs((2, 9, network.config.cross_attention_dim), 1002)}
    sizes = {}
    if network.config.addition_embed_type:
        ids = 5 if network.config.block_out_channels == UNETS["sdxl-refiner"]["block_out_channels"] else 6
        sizes = {"text_embeds": numbers.inputs((2, 128), 1003), "time_ids": numbers.inputs((2, ids), 1004) * 64}
    guidance = numbers.inputs((2, network.config.time_cond_proj_dim), 1005) if network.config.time_cond_proj_dim else None

    def run():
        answers = [
            network(feeds["sample"], t, feeds["encoder_hidden_states"], timestep_cond=guidance, added_cond_kwargs=sizes or None).sample
            for t in (torch.tensor([731.25]), torch.tensor([3.5, 981.0]))
        ]
        return [written(answer) for answer in answers]

    return network, dict(shapes=shapes, output=run()), run


def rounded(network, run):
    """The same with each weight rounded to a narrower format; in `mixed`, each to the next format in turn."""
    original = {name: parameter.detach().clone() for name, parameter in network.named_parameters()}
    found = {}
    for label, formats in {**{name: [dtype] for name, dtype in DTYPES.items()}, "mixed": [torch.float32, *DTYPES.values()]}.items():
        with torch.no_grad():
            for i, name in enumerate(sorted(original)):
                parameter = dict(network.named_parameters())[name]
                parameter.copy_(original[name].to(formats[i % len(formats)]).float())
        found[label] = run()[0]
    return found


def vae():
    network = AutoencoderKL(block_out_channels=(32, 64, 64), layers_per_block=2, down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3)
    shapes = numbers.fill(network)
    encoded = network.encode(numbers.inputs((1, 3, 24, 40), 1001)).latent_dist.parameters
    return dict(shapes=shapes, latents=written(encoded), picture=written(network.decode(numbers.inputs((1, 4, 5, 6), 1002)).sample[:, :, ::2, ::2]))


def text(config):
    config = CLIPTextConfig(vocab_size=WORDS, intermediate_size=4 * config["hidden_size"], bos_token_id=WORDS - 2, eos_token_id=WORDS - 1, pad_token_id=WORDS - 1, **config)
    projected = config.projection_dim == 96
    network = (CLIPTextModelWithProjection if projected else CLIPTextModel)(config)
    named = lambda name: name if name.startswith(("text_model.", "text_projection")) else "text_model." + name
    shapes = numbers.fill(network, named)
    answer = network(torch.tensor(TOKENS), output_hidden_states=True)
    some = [0, 1, 4, 36, 76]
    golden = dict(shapes=shapes, last=written(answer.last_hidden_state[:, some]), states=[written(state[:, some]) for state in answer.hidden_states])
    return {**golden, "pooled": written(answer.text_embeds)} if projected else golden


def main():
    golden = {"versions": {"diffusers": diffusers.__version__, "torch": torch.__version__.split("+")[0]}, "tokens": TOKENS, "unets": {}, "texts": {}}
    with torch.no_grad():
        for name, config in UNETS.items():
            network, golden["unets"][name], run = unet(config)
            if name == "no-middle":
                golden["dtypes"] = rounded(network, run)
            print(name, max(abs(torch.frombuffer(bytearray(base64.b64decode(golden["unets"][name]["output"][0])), dtype=torch.float32))).item())
        golden["vae"] = vae()
        golden["texts"] = {name: text(config) for name, config in TEXTS.items()}
    path = ROOT / "packages/checkpoints/fixtures/networks.json.gz"
    path.write_bytes(gzip.compress(json.dumps(golden, separators=(",", ":")).encode(), mtime=0))
    print(path.stat().st_size)


if __name__ == "__main__":
    main()
