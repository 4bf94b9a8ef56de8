"""packages/pipeline/fixtures/reference/safety.json.gz: what diffusers' StableDiffusionSafetyChecker says of pictures that CLIPImageProcessor prepares.

Of a checker the file has names and shapes; its numbers TypeScript makes alike, as those of make_reference_pictures.py. Its thresholds lie among the cosines of the pictures.
"""

import small_pipelines  # noqa: F401  # Which says where the next ones are found.

import numpy as np
import store
import torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker, cosine_distance
from make_adapter_pictures import Adapter
from make_reference_pictures import add
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessor

CONFIGS = {
    "small": dict(projection_dim=24, vision_config=dict(hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4, image_size=32, patch_size=8, hidden_act="quick_gelu")),
    "wide": dict(projection_dim=40, vision_config=dict(hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=2, image_size=42, patch_size=14, hidden_act="gelu")),
}


def pictures():
    """Of many shapes: some that are enlarged, some long ones, some of noise."""
    generator = np.random.default_rng(17)
    for i in range(24):
        width, height = (int(v) for v in generator.integers(20, 90, 2))
        y, x = np.mgrid[0:height, 0:width]
        waves = [127 + 120 * np.sin(x / (3 + 9 * generator.random()) + y / (3 + 9 * generator.random()) + 6 * generator.random()) for _ in range(3)]
        noise = generator.normal(0, 60 * (i % 3), (height, width, 3))
        yield Image.fromarray(np.clip(np.stack(waves, -1) + noise, 0, 255).astype(np.uint8))


def main():
    all_pictures = list(pictures())
    checkers = {}
    for name, config in CONFIGS.items():
        checker = StableDiffusionSafetyChecker(CLIPConfig(**config)).eval()
        file, state = Adapter(), checker.state_dict()
        for key in sorted(state):
            if key.endswith("_weights"):
                file.add(key, tuple(state[key].shape), 0.12, 0.2 if key.startswith("special") else 0.33)
            elif not key.endswith("position_ids"):
                add(file, key, tuple(state[key].shape))
        checker.load_state_dict(file.tensors, strict=False)
        side = config["vision_config"]["image_size"]
        processor = CLIPImageProcessor(size=side, crop_size=side)
        with torch.no_grad():
            pixels = processor(all_pictures, return_tensors="pt").pixel_values
            embeds = checker.visual_projection(checker.vision_model(pixels)[1])
            cosines = cosine_distance(embeds, checker.concept_embeds)
            _, flags = checker(clip_input=pixels, images=[np.zeros((1, 1, 3)) for _ in all_pictures])
        print(name, sum(flags), "of", len(flags), "flagged", cosines.std(0).mean().item(), flush=True)
        # As files that people have call them.
        described = {key.replace("vision_model.", "vision_model.vision_model.", 1): value for key, value in file.described.items()} if name == "small" else file.described
        checkers[name] = {"tensors": described, "config": config, "cosines": store.floats(cosines.numpy()), "flags": [bool(flag) for flag in flags]}
    store.write("safety", {"pictures": [{"width": p.width, "height": p.height, "data": store.octets(np.asarray(p))} for p in all_pictures], "checkers": checkers})


if __name__ == "__main__":
    main()
