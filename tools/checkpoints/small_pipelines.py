"""Small pipelines in diffusers' classes as whole files: their parts in LDM's layout, and what `from_single_file` makes of such a file."""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tools/fixtures"), str(ROOT / "tools/reference")]

import diffusers
import ldm
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import load_file, save_file
from tiny_models import VOCABULARY_SIZE, clip_merges, load_tokenizer, write_tokenizer
from tiny_parts import EncoderOutput
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

WORDS = VOCABULARY_SIZE - 254 + len(clip_merges())
TRAINING = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000, steps_offset=1)
DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2}


def attends(places):
    """Block types of a UNet from whether each level, from the picture down, reads the text."""
    down = ["CrossAttnDownBlock2D" if place else "DownBlock2D" for place in places]
    return dict(down_block_types=down, up_block_types=[name.replace("Down", "Up") for name in reversed(down)])


class Small:
    """A pipeline's parts, as tools/reference runs them, made with random weights.

    `levels` are channels, and `depths` transformer blocks of each level from the picture down, 0 where it does not read the text.
    """

    def __init__(self, name, kind, levels, depths, texts, *, vae=(32, 32, 64, 64), channels=4, per_level=2, scheduler=None, guidance=None, heads=None, pooled=None, size=16, scale=None, middle=True, **clip):
        self.name, self.kind, self.per_level = name, kind, per_level
        self.is_xl = kind in ("sdxl", "sdxl-refiner")
        linear = kind != "sd1"
        extra = {}
        if self.is_xl:
            pooled = pooled or texts[-1]
            ids = 5 if kind == "sdxl-refiner" else 6
            extra = dict(addition_embed_type="text_time", addition_time_embed_dim=size, projection_class_embeddings_input_dim=pooled + ids * size)
        if not middle:
            extra["mid_block_type"] = None
        if guidance:
            extra["time_cond_proj_dim"] = guidance
        self.unet = UNet2DConditionModel(
            sample_size=8, in_channels=channels, block_out_channels=levels, layers_per_block=per_level, cross_attention_dim=sum(texts), use_linear_projection=linear,
            # The number of heads, whatever its name says.
            attention_head_dim=heads or (tuple(max(1, width // 64) for width in levels) if linear else 8),
            transformer_layers_per_block=[max(1, depth) for depth in depths], **attends(depths), **extra,
        ).eval()
        scale = scale or (0.13025 if self.is_xl else 0.18215)
        self.vae = AutoencoderKL(block_out_channels=vae, layers_per_block=2, scaling_factor=scale, down_block_types=("DownEncoderBlock2D",) * len(vae), up_block_types=("UpDecoderBlock2D",) * len(vae)).eval()
        self.vae.register_to_config(force_upcast=False)
        second = {"sdxl": [False, True], "sdxl-refiner": [True]}.get(kind, [False])
        encoders = [self.text(width, projected, **clip, pooled=pooled) for width, projected in zip(texts, second)]
        self.text_encoders = [None, *encoders] if kind == "sdxl-refiner" else encoders
        spacing = {"timestep_spacing": "leading"} if self.is_xl else {}
        self.scheduler_json = {**TRAINING, **spacing, **(scheduler or {})}
        self.zero_empty_negative = kind == "sdxl"
        with tempfile.TemporaryDirectory() as folder:
            self.tokenizers = {}
            pads = {"tokenizer": "!" if kind == "sd2" else "<|endoftext|>", "tokenizer_2": "!"}
            # diffusers gives the first encoder that there is the first tokenizer that there is.
            for part in {"sdxl": ["tokenizer", "tokenizer_2"], "sdxl-refiner": ["tokenizer_2"]}.get(kind, ["tokenizer"]):
                write_tokenizer(Path(folder) / part, pads[part], merges=len(clip_merges()))
                self.tokenizers[part] = load_tokenizer(Path(folder) / part)

    def text(self, width, projected, layers=3, text_heads=None, act=None, pooled=None):
        config = CLIPTextConfig(
            vocab_size=WORDS, hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=text_heads or max(1, width // 64), projection_dim=(pooled or width) if projected else width,
            hidden_act=act or ("gelu" if projected or self.kind == "sd2" else "quick_gelu"), bos_token_id=WORDS - 2, eos_token_id=WORDS - 1, pad_token_id=WORDS - 1,
        )
        return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config).eval()

    def parts(self):
        named = {"unet": self.unet, "vae": self.vae, "text_encoder": self.text_encoders[0], "text_encoder_2": (self.text_encoders + [None])[1]}
        return {name: network for name, network in named.items() if network is not None}

    def pipeline(self):
        """diffusers' own, for what it saves of itself."""
        parts = dict(vae=self.vae, unet=self.unet, scheduler=diffusers.DDIMScheduler(**self.scheduler_json), text_encoder=self.text_encoders[0])
        if not self.is_xl:
            return diffusers.StableDiffusionPipeline(**parts, tokenizer=self.tokenizers["tokenizer"], safety_checker=None, feature_extractor=None, requires_safety_checker=False)
        both = dict(tokenizer=self.tokenizers.get("tokenizer"), tokenizer_2=self.tokenizers["tokenizer_2"], text_encoder_2=self.text_encoders[1], force_zeros_for_empty_prompt=self.zero_empty_negative)
        if self.kind == "sdxl":
            return diffusers.StableDiffusionXLPipeline(**parts, **both, add_watermarker=False)
        return diffusers.StableDiffusionXLImg2ImgPipeline(**parts, **both, requires_aesthetics_score=True, add_watermarker=False)

    def stored(self):
        """Its weights by the names that a single file has."""
        texts = {}
        for part, network in self.parts().items():
            if not part.startswith("text"):
                continue
            state = network.state_dict()
            if self.kind == "sd1":
                texts |= ldm.clip(state, "cond_stage_model.transformer.")
            elif self.kind == "sd2":
                texts |= ldm.open_clip(state, "cond_stage_model.model.")
            elif part == "text_encoder":
                texts |= ldm.clip(state, "conditioner.embedders.0.transformer.")
            else:
                texts |= ldm.open_clip(state, f"conditioner.embedders.{0 if self.kind == 'sdxl-refiner' else 1}.model.")
        return {**ldm.unet(self.unet.state_dict(), self.per_level), **ldm.vae(self.vae.state_dict()), **texts}

    def load(self, file):
        """Takes its weights from a single file, by `from_single_file`. That has no name for the embedding of the guidance scale: there the UNet's are taken by ours."""
        own = {}
        if self.unet.config.time_cond_proj_dim:
            stored, names = load_file(str(file)), self.unet.state_dict()
            self.unet.load_state_dict({name: stored[ldm_name].float() for name, ldm_name in zip(names, ldm.unet(names, self.per_level))})
            own["unet"] = self.unet
        with tempfile.TemporaryDirectory() as config:
            pipeline = self.pipeline()
            pipeline.save_pretrained(config)
            for weights in Path(config).glob("*/*.safetensors"):
                weights.unlink()
            loaded = type(pipeline).from_single_file(str(file), config=config, local_files_only=True, torch_dtype=torch.float32, **own)
        self.unet, self.vae = loaded.unet, loaded.vae
        self.text_encoders = [loaded.text_encoder, loaded.text_encoder_2] if self.is_xl else [loaded.text_encoder]
        self.ready()

    def ready(self):
        """For what runs the parts: the VAE gives the posterior's mean, and the final norm is where diffusers looks for it."""
        vae = self.vae
        vae.encode = lambda x, return_dict=True: EncoderOutput(AutoencoderKL.encode(vae, x).latent_dist.mean)
        for encoder in (e for e in self.text_encoders if e is not None and not hasattr(e, "text_model")):
            object.__setattr__(encoder, "text_model", encoder)


def save(tensors, file, metadata=None):
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, str(file), metadata)
