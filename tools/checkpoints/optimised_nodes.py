"""What onnxruntime's own optimiser makes of an export: how many nodes of each kind, in the topology of SD 1.x or SDXL.

    python optimised_nodes.py sd1|sdxl

Needs the environment of tools/reference/speed. Widths are small, as the number of nodes does not depend on them.
"""

import collections
import sys
import tempfile
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

CONFIGS = {
    "sd1": dict(block_out_channels=(64, 128, 128, 128), cross_attention_dim=64, attention_head_dim=8),
    "sdxl": dict(
        block_out_channels=(64, 128, 256), cross_attention_dim=64, attention_head_dim=(1, 2, 4), transformer_layers_per_block=(1, 2, 10), use_linear_projection=True,
        down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2, up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
        addition_embed_type="text_time", addition_time_embed_dim=16, projection_class_embeddings_input_dim=64 + 6 * 16,
    ),
}


class Plain(torch.nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, context, text_embeds=None, time_ids=None):
        added = {"text_embeds": text_embeds, "time_ids": time_ids} if text_embeds is not None else None
        return self.unet(sample, timestep, context, added_cond_kwargs=added, return_dict=False)[0]


def main():
    family = sys.argv[1]
    unet = UNet2DConditionModel(sample_size=32, **CONFIGS[family]).eval()
    inputs = [torch.randn(2, 4, 32, 32), torch.tensor([3]), torch.randn(2, 77, 64)]
    names = ["sample", "timestep", "encoder_hidden_states"]
    if family == "sdxl":
        inputs += [torch.randn(2, 64), torch.randn(2, 6)]
        names += ["text_embeds", "time_ids"]
    axes = {"sample": {0: "batch", 2: "height", 3: "width"}, "encoder_hidden_states": {0: "batch", 1: "tokens"}}
    axes |= {name: {0: "batch"} for name in names[3:]}
    with tempfile.TemporaryDirectory() as scratch:
        path = str(Path(scratch) / "unet.onnx")
        torch.onnx.export(Plain(unet), tuple(inputs), path, input_names=names, output_names=["out_sample"], dynamic_axes=axes, opset_version=17, dynamo=False)
        model = optimize_model(path, model_type="unet", opt_level=0, optimization_options=FusionOptions("unet"), use_gpu=True)
        model.convert_float_to_float16(keep_io_types=True, op_block_list=["RandomNormalLike"])
    counts = collections.Counter(node.op_type for node in model.model.graph.node if node.op_type != "Constant")
    for kind, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{kind} {count}")
    print("all", sum(counts.values()))


main()
