"""Times Optimum's img2img pipeline on an ONNX folder, in one process, as bench/pipeline.ts times ours:

    python run_optimum.py DIR --size 512 --steps 5 --threads 2

Prints one line of JSON: seconds in all, in the UNet's session, and between steps.
"""

import argparse
import json
import resource
import time

import numpy as np
import onnxruntime
from diffusers import EulerDiscreteScheduler
from optimum.onnxruntime import ORTStableDiffusionImg2ImgPipeline
from PIL import Image


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument('model')
    ask.add_argument('--size', type=int, default=512)
    ask.add_argument('--steps', type=int, default=5)
    ask.add_argument('--threads', type=int, default=0)
    args = ask.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    started = time.perf_counter()
    pipe = ORTStableDiffusionImg2ImgPipeline.from_pretrained(args.model, session_options=options)
    loaded = time.perf_counter() - started
    pipe.scheduler = EulerDiscreteScheduler.from_config(pipe.scheduler.config)
    pipe.set_progress_bar_config(disable=True)
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (args.size, args.size, 3), dtype=np.uint8))
    ends = []
    started = time.perf_counter()
    pipe('a photo of a cat', image=picture, strength=1.0, num_inference_steps=args.steps, guidance_scale=7.0,
         callback_on_step_end=lambda _pipe, _step, _t, kwargs: (ends.append(time.perf_counter()), kwargs)[1])
    total = time.perf_counter() - started
    steps = [later - earlier for earlier, later in zip(ends, ends[1:])]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({'load_s': loaded, 'total_s': total, 'step_s': steps, 'peak_bytes': peak,
                      'onnxruntime': onnxruntime.__version__}))


if __name__ == '__main__':
    main()
