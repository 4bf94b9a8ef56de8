"""Makes every reference fixture of the pipeline. See README.md."""

import make_diffusers
import make_images
import make_pipelines
import make_prompt_schedules
import make_rng
import make_samplers
import make_schedules
import make_tokens
import make_txt2img
import make_webui_pipelines
import make_webui_prompts

if __name__ == "__main__":
    for part in (make_schedules, make_samplers, make_diffusers, make_rng, make_images, make_tokens, make_pipelines, make_webui_pipelines, make_prompt_schedules, make_txt2img, make_webui_prompts):
        part.make()
