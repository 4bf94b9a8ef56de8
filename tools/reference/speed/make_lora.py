"""A LoRA of random numbers for a diffusers folder of safetensors, in float16: over the layers that trainers take by default, which are those of transformers (attention, feed-forward, projections) in the UNet and the text encoders; with `all` over convolutions and time embeddings, too:

    python make_lora.py FOLDER FILE.safetensors [RANK [all]]
"""

import re
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

PREFIXES = {"unet": "lora_unet_", "text_encoder": "lora_te_"}
TRANSFORMERS = r"to_[qkv]|to_out\.0|ff\.net\.0\.proj|ff\.net\.2|proj_in|proj_out|[qkv]_proj|out_proj|fc1|fc2"
ALL = TRANSFORMERS + r"|conv1|conv2|conv|conv_shortcut|time_emb_proj"


def main():
    folder, target, rank = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 32
    layers = re.compile(rf"\.({ALL if 'all' in sys.argv[4:] else TRANSFORMERS})\.weight$")
    tensors = {}
    for part, prefix in PREFIXES.items():
        for file in (folder / part).glob("*.safetensors"):
            with safe_open(file, "pt") as weights:
                for name in filter(layers.search, weights.keys()):
                    outputs, inputs, *kernel = weights.get_slice(name).get_shape()
                    layer = prefix + name.removesuffix(".weight").replace(".", "_")
                    tensors[f"{layer}.lora_down.weight"] = (torch.randn(rank, inputs, *kernel) / inputs**0.5).half()
                    tensors[f"{layer}.lora_up.weight"] = (torch.randn(outputs, rank, *[1 for _ in kernel]) * 0.01).half()
                    tensors[f"{layer}.alpha"] = torch.tensor(rank / 2).half()
    save_file(tensors, target)


main()
