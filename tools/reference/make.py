"""Makes every reference fixture of the pipeline. See README.md."""

import make_diffusers
import make_images
import make_rng
import make_samplers
import make_schedules

if __name__ == "__main__":
    for part in (make_schedules, make_samplers, make_diffusers, make_rng, make_images):
        part.make()
