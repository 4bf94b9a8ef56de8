"""Makes every reference fixture of the pipeline. See README.md."""

import make_diffusers
import make_images
import make_pipelines
import make_rng
import make_samplers
import make_schedules
import make_tokens
import make_txt2img
import make_webui_pipelines

if __name__ == "__main__":
    for part in (make_schedules, make_samplers, make_diffusers, make_rng, make_images, make_tokens, make_pipelines, make_webui_pipelines, make_txt2img):
        part.make()
