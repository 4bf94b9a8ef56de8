"""packages/checkpoints/fixtures/loras.json.gz: what torch computes with the small networks of make_networks.py and LoRAs in them, applied by LyCORIS' own
modules, and by PEFT.

The numbers of a LoRA's tensors are made alike in TypeScript: from a seed, times a scale, plus a centre. Of each layer's kind every few layers have one.
"""

import base64
import gzip
import json
import math
import pathlib

import make_networks as networks
import numbers_alike as numbers
import torch
from diffusers import UNet2DConditionModel
from lycoris.modules.full import FullModule
from lycoris.modules.locon import LoConModule
from lycoris.modules.loha import LohaModule
from lycoris.modules.lokr import LokrModule
from lycoris.modules.norms import NormModule
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from transformers import CLIPTextConfig, CLIPTextModel

RANK, ALPHA = 4, 2.0
# How large the numbers of a tensor are, and around what.
SCALES = {"diff": (0.05, 0), "diff_b": (0.1, 0), "w_norm": (0.2, 0), "b_norm": (0.2, 0), "dora_scale": (0.5, 1.2)}
CASES = {
    "locon": (LoConModule, {}, 0.7),
    "locon, negative": (LoConModule, {}, -0.6),
    "locon of cp": (LoConModule, dict(use_tucker=True), 1),
    "dora": (LoConModule, dict(weight_decompose=True), 1),
    "dora, weakened": (LoConModule, dict(weight_decompose=True), 0.6),
    "dora by columns": (LoConModule, dict(weight_decompose=True, wd_on_out=False), 0.8),
    "loha": (LohaModule, {}, 0.7),
    "loha of cp": (LohaModule, dict(use_tucker=True), 1),
    "loha with dora": (LohaModule, dict(weight_decompose=True), 0.5),
    "lokr": (LokrModule, dict(factor=4), 0.7),
    "lokr of both": (LokrModule, dict(factor=8, decompose_both=True, lora_dim=2), 1),
    "lokr of neither": (LokrModule, dict(factor=4, full_matrix=True), 0.5),
    "lokr of cp": (LokrModule, dict(factor=4, use_tucker=True), 1),
    "lokr with dora": (LokrModule, dict(factor=4, weight_decompose=True), 1),
    "full": (FullModule, {}, 0.7),
    "norms": (NormModule, {}, 0.7),
}


def unet(name):
    network = UNet2DConditionModel(sample_size=8, **networks.UNETS[name])
    numbers.fill(network)
    return network


def run(network, name):
    channels, context = network.config.in_channels, network.config.cross_attention_dim
    sizes = {"text_embeds": numbers.inputs((2, 128), 1003), "time_ids": numbers.inputs((2, 6), 1004) * 64} if network.config.addition_embed_type else None
    return network(numbers.inputs((2, channels, 10, 7), 1001), torch.tensor([731.25]), numbers.inputs((2, 9, context), 1002), added_cond_kwargs=sizes).sample


def written(values):
    return base64.b64encode(values.contiguous().float().numpy().tobytes()).decode()


def made(name, shape, seed):
    """[shape, seed, scale, centre] of a tensor, and its numbers."""
    scale, centre = SCALES.get(name.rsplit(".", 1)[-1], (0.4, 0))
    values = numbers.uniform(seed, max(1, math.prod(shape))) * scale + centre
    return [list(shape), seed, scale, centre], torch.from_numpy(values.astype("float32")).reshape(shape)


def layers(network, kinds, every, first):
    found = [(name, module) for name, module in network.named_modules() if isinstance(module, kinds)]
    return [pair for i, pair in enumerate(found) if i % every == first]


def lycoris(network, prefix, cls, options, strength, every, first):
    """Puts LyCORIS' modules into a network. Returns the tensors that its file would hold."""
    kinds = (torch.nn.LayerNorm, torch.nn.GroupNorm) if cls is NormModule else (torch.nn.Linear, torch.nn.Conv2d)
    tensors, seed = {}, 5000
    for name, layer in layers(network, kinds, every, first):
        rank = {"lora_dim": RANK, **options} if cls not in (NormModule, FullModule) else {}
        module = cls(f"{prefix}{name.replace('.', '_')}", layer, strength, **({**rank, "alpha": ALPHA} if rank else {}))
        if cls is FullModule:
            stored = {"diff": module.weight, **({"diff_b": module.bias} if module.bias is not None else {})}
        elif cls is NormModule:
            stored = {"w_norm": module.w_norm, "b_norm": module.b_norm}
        else:
            # Its state_dict gives products of them.
            stored = {**dict(module.named_parameters()), "alpha": module.alpha}
        for key, value in stored.items():
            full = f"{module.lora_name}.{key}"
            if key == "alpha":
                tensors[full] = [[], 0, 0, value.item()]
                continue
            tensors[full], values = made(full, tuple(value.shape), seed)
            value.data.copy_(values)
            seed += 1
        module.eval()
        if cls is FullModule:
            module.is_diff = True
            layer.forward = module.forward
            module.org_forward = type(layer).forward.__get__(layer)
        else:
            module.apply_to()
    return tensors


def peft(network, prefix, targets, alpha, dora=False):
    config = LoraConfig(r=RANK, lora_alpha=alpha, target_modules=targets, init_lora_weights=False, use_dora=dora)
    network.add_adapter(config)
    tensors, seed = {}, 7000
    state = get_peft_model_state_dict(network, adapter_name="default")
    for name, parameter in network.named_parameters():
        if "lora_" not in name:
            continue
        stored = name.replace(".default", "").removeprefix("base_model.model.")
        stored = stored.replace("lora_magnitude_vector.weight", "lora_magnitude_vector") if stored.replace(".weight", "") in state else stored
        # All layers have one here: larger numbers would let the rounding of one grow in the next.
        scale, centre = (0.5, 1.2) if "magnitude" in name else (0.15, 0)
        shape = tuple(parameter.shape)
        values = numbers.uniform(seed, math.prod(shape)) * scale + centre
        parameter.data.copy_(torch.from_numpy(values.astype("float32")).reshape(shape))
        tensors[f"{prefix}{stored}"] = [list(shape), seed, scale, centre]
        seed += 1
    metadata = {"lora_adapter_metadata": json.dumps({f"{prefix}r": RANK, f"{prefix}lora_alpha": alpha})}
    return tensors, metadata


def text():
    config = {**networks.TEXTS["clip"]}
    config = CLIPTextConfig(vocab_size=networks.WORDS, intermediate_size=4 * config["hidden_size"], bos_token_id=networks.WORDS - 2, eos_token_id=networks.WORDS - 1, pad_token_id=networks.WORDS - 1, **config)
    network = CLIPTextModel(config)
    numbers.fill(network, lambda name: name if name.startswith(("text_model.", "text_projection")) else "text_model." + name)
    return network


def main():
    golden = {}
    with torch.no_grad():
        plain = run(unet("no-middle"), "no-middle")
        for i, (label, (cls, options, strength)) in enumerate(CASES.items()):
            network = unet("no-middle")
            tensors = lycoris(network, "lora_unet_", cls, options, strength, 3, i % 3)
            output = run(network, "no-middle")
            print(label, len(tensors), "moves by", (output - plain).abs().max().item(), "of", output.abs().max().item())
            golden[label] = dict(unet="no-middle", strength=strength, tensors=tensors, output=written(output))
        for label, targets, alpha, dora in (("peft", ["to_q", "to_v", "to_out.0", "conv1", "proj_in"], 6, False), ("peft with dora", ["to_q", "to_v", "ff.net.2"], 4, True)):
            network = unet("sdxl")
            tensors, metadata = peft(network, "unet.", targets, alpha, dora)
            golden[label] = dict(unet="sdxl", strength=1, tensors=tensors, metadata=metadata, output=written(run(network, "sdxl")))
            print(label, len(tensors), list(tensors)[:3])
        network = text()
        prefix = "lora_te_text_model_" if not next(n for n, _ in network.named_parameters()).startswith("text_model") else "lora_te_"
        tensors = lycoris(network, prefix, LoConModule, {}, 0.8, 2, 1)
        answer = network(torch.tensor(networks.TOKENS)).last_hidden_state[:, [0, 1, 4, 36, 76]]
        golden["text"] = dict(text="clip", strength=0.8, tensors=tensors, output=written(answer))
    path = pathlib.Path(__file__).parents[2] / "packages/checkpoints/fixtures/loras.json.gz"
    path.write_bytes(gzip.compress(json.dumps(golden, separators=(",", ":")).encode(), mtime=0))
    print(path.stat().st_size)


main()
