"""Makes an ONNX model of exactly the size and shape of Stable Diffusion 1.5, with random weights:

    python make_sd15_sized.py DIR [WEIGHTS]

WEIGHTS keeps the same weights as a diffusers folder of safetensors, for bench:checkpoints.
For measuring speed and memory where the real weights cannot be had: ONNX Runtime does the same work whatever the numbers are.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import torch
from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from optimum.exporters.onnx import main_export
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

TOKENIZER = Path(__file__).parents[3] / 'models/fixtures/tiny-sd1/tokenizer'


def build():
    """The architecture of runwayml/stable-diffusion-v1-5, from the configs in its repository."""
    torch.manual_seed(0)
    unet = UNet2DConditionModel(sample_size=64, cross_attention_dim=768, attention_head_dim=8)
    vae = AutoencoderKL(
        down_block_types=['DownEncoderBlock2D'] * 4, up_block_types=['UpDecoderBlock2D'] * 4,
        block_out_channels=[128, 256, 512, 512], layers_per_block=2, sample_size=512)
    text = CLIPTextModel(CLIPTextConfig(
        vocab_size=49408, hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
        projection_dim=768, bos_token_id=0, eos_token_id=2))
    scheduler = PNDMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule='scaled_linear', skip_prk_steps=True, steps_offset=1)
    return StableDiffusionPipeline(
        vae=vae, text_encoder=text, tokenizer=CLIPTokenizer.from_pretrained(TOKENIZER), unet=unet, scheduler=scheduler,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False)


def main():
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        pipeline = build()
        print({name: sum(p.numel() for p in part.parameters()) for name, part in
               (('unet', pipeline.unet), ('vae', pipeline.vae), ('text_encoder', pipeline.text_encoder))})
        pipeline.save_pretrained(scratch)
        del pipeline
        main_export(scratch, target, task='text-to-image', do_validation=False)
        for weights in sys.argv[2:]:
            shutil.move(scratch, weights)
            Path(scratch).mkdir()
    # The tokenizer of the tiny model is read from vocab.json and merges.txt, as every export's is.
    for name in ('vocab.json', 'merges.txt'):
        shutil.copy(TOKENIZER / name, target / 'tokenizer' / name)


if __name__ == '__main__':
    main()
