"""diffusers' and transformers' names of weights to those of LDM's single files: the inverse of what `from_single_file` does."""

import re

import torch

UNET_SINGLE = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "time_embedding.cond_proj": "time_embed.cond_proj",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
LAYER = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}


def unet(weights, per_level):
    """`per_level`: residual blocks of a level down."""
    with_attention = {m[1] for name in weights if (m := re.match(r"up_blocks\.(\d+)\.attentions", name))}

    def inside(kind, rest, block, attention):
        if kind == "attentions":
            return f"{block}.{attention}.{rest}"
        layer, leaf = rest.rsplit(".", 1)
        return f"{block}.0.{RESNET[layer]}.{leaf}"

    def rename(name):
        layer, leaf = name.rsplit(".", 1)
        if layer in UNET_SINGLE:
            return f"{UNET_SINGLE[layer]}.{leaf}"
        if m := re.match(r"(down|up)_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.+)", name):
            level, index = int(m[2]), int(m[4])
            n = 1 + level * (per_level + 1) + index if m[1] == "down" else level * (per_level + 1) + index
            return inside(m[3], m[5], f"{'input' if m[1] == 'down' else 'output'}_blocks.{n}", 1)
        if m := re.match(r"down_blocks\.(\d+)\.downsamplers\.0\.conv\.(.+)", name):
            return f"input_blocks.{(int(m[1]) + 1) * (per_level + 1)}.0.op.{m[2]}"
        if m := re.match(r"up_blocks\.(\d+)\.upsamplers\.0\.conv\.(.+)", name):
            n = (int(m[1]) + 1) * (per_level + 1) - 1
            return f"output_blocks.{n}.{2 if m[1] in with_attention else 1}.conv.{m[2]}"
        m = re.match(r"mid_block\.(resnets|attentions)\.(\d+)\.(.+)", name)
        if m[1] == "attentions":
            return f"middle_block.1.{m[3]}"
        layer, leaf = m[3].rsplit(".", 1)
        return f"middle_block.{int(m[2]) * 2}.{RESNET[layer]}.{leaf}"

    return {f"model.diffusion_model.{rename(name)}": tensor for name, tensor in weights.items()}


def vae(weights):
    levels = 1 + max(int(m[1]) for name in weights if (m := re.match(r"decoder\.up_blocks\.(\d+)", name)))

    def rename(name):
        name = re.sub(r"^encoder\.down_blocks\.(\d+)\.resnets\.(\d+)", r"encoder.down.\1.block.\2", name)
        name = re.sub(r"^encoder\.down_blocks\.(\d+)\.downsamplers\.0", r"encoder.down.\1.downsample", name)
        name = re.sub(r"^decoder\.up_blocks\.(\d+)\.resnets\.(\d+)", lambda m: f"decoder.up.{levels - 1 - int(m[1])}.block.{m[2]}", name)
        name = re.sub(r"^decoder\.up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"decoder.up.{levels - 1 - int(m[1])}.upsample", name)
        name = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
        name = name.replace("mid_block.attentions.0", "mid.attn_1").replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")
        if "mid.attn_1" in name:
            for ours, theirs in (("group_norm", "norm"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "proj_out")):
                name = name.replace(ours, theirs)
        return name

    def store(name, tensor):
        return tensor[:, :, None, None] if "attentions" in name and tensor.ndim == 2 else tensor

    return {f"first_stage_model.{rename(name)}": store(name, tensor) for name, tensor in weights.items()}


def full(weights):
    """transformers 5 leaves out the leading `text_model.`, which files have."""
    return {name if name.startswith(("text_model.", "text_projection")) else f"text_model.{name}": t for name, t in weights.items()}


def clip(weights, prefix):
    named = {f"{prefix}{name}": tensor for name, tensor in full(weights).items()}
    return {**named, f"{prefix}text_model.embeddings.position_ids": torch.arange(77)[None]}


def open_clip(weights, prefix):
    weights = full(weights)
    start = "text_model."
    named = {
        "positional_embedding": weights[f"{start}embeddings.position_embedding.weight"],
        "token_embedding.weight": weights[f"{start}embeddings.token_embedding.weight"],
        "ln_final.weight": weights[f"{start}final_layer_norm.weight"],
        "ln_final.bias": weights[f"{start}final_layer_norm.bias"],
        "logit_scale": torch.tensor(4.6),
    }
    layers = 1 + max(int(m[1]) for name in weights if (m := re.match(r"text_model\.encoder\.layers\.(\d+)", name)))
    for i in range(layers):
        ours, theirs = f"{start}encoder.layers.{i}.", f"transformer.resblocks.{i}."
        for leaf in ("weight", "bias"):
            named[f"{theirs}attn.in_proj_{leaf}"] = torch.cat([weights[f"{ours}self_attn.{x}_proj.{leaf}"] for x in "qkv"])
            for a, b in LAYER.items():
                named[f"{theirs}{b}.{leaf}"] = weights[f"{ours}{a}.{leaf}"]
    if "text_projection.weight" in weights:
        named["text_projection"] = weights["text_projection.weight"].T.contiguous()
    return {f"{prefix}{name}": tensor for name, tensor in named.items()}
