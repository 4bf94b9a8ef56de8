"""Times one run of each folder's UNet, all folders by turns, so that a noisy minute meets every one:

    python int8_speed.py MODEL OTHER... [--size 512] [--rounds 5] [--threads 2]

Every UNet lives in a process of its own, which is idle while the others run; its memory is its own. Prints the rows of
the table in docs/performance.md: seconds and processor seconds of a run at batch 2, both against the first folder,
seconds to load, size on disk, and the largest resident set while loading and while running. A process that waits keeps
its weights, so all folders must fit into memory together.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np


def peak():
    return int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) * 1024


def serve(folder, size, threads):
    """Answers each line of standard input by the figures of one run."""
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # As packages/pipeline opens its sessions, and no thread that spins while another folder has its turn.
    options.enable_mem_pattern = False
    options.add_session_config_entry('session.force_spinning_stop', '1')
    options.log_severity_level = 3
    began = time.perf_counter()
    session = onnxruntime.InferenceSession(str(Path(folder) / 'unet/model.onnx'), options, providers=['CPUExecutionProvider'])
    loaded = {'load': time.perf_counter() - began, 'load_peak': peak()}
    Path('/proc/self/clear_refs').write_text('5')
    rng, feeds = np.random.default_rng(0), {}
    for value in session.get_inputs():
        free = iter((2, size // 8, size // 8) if value.name == 'sample' else (2, 77))
        shape = [dim if isinstance(dim, int) else next(free) for dim in value.shape]
        kind = np.int64 if value.type == 'tensor(int64)' else np.float32
        feeds[value.name] = np.full(shape, 500, kind) if value.name == 'timestep' else rng.standard_normal(shape).astype(kind)
    print(json.dumps(loaded), flush=True)
    for _ in sys.stdin:
        began, used = time.perf_counter(), time.process_time()
        session.run(None, feeds)
        print(json.dumps({'wall': time.perf_counter() - began, 'cpu': time.process_time() - used, 'peak': peak()}), flush=True)


class Unet:
    def __init__(self, folder, args):
        self.folder = folder
        command = [sys.executable, __file__, folder, '--serve', '--size', str(args.size), '--threads', str(args.threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.loaded = self.answer()
        self.runs = []

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def run(self):
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        return self.answer()


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument('folders', nargs='+')
    ask.add_argument('--size', type=int, default=512)
    ask.add_argument('--rounds', type=int, default=5)
    ask.add_argument('--threads', type=int, default=len(os.sched_getaffinity(0)))
    ask.add_argument('--serve', action='store_true')
    args = ask.parse_args()
    if args.serve:
        return serve(args.folders[0], args.size, args.threads)
    unets = [Unet(folder, args) for folder in args.folders]
    for unet in unets:
        unet.run()
    for _ in range(args.rounds):
        for unet in unets:
            unet.runs.append(unet.run())
    first = unets[0]
    print(f'{args.size} × {args.size}, batch 2, {args.threads} threads, {args.rounds} rounds')
    print('| folder | seconds | times faster (spread) | times less processor time (spread) | load s | MB | load peak MB | run peak MB |')
    for unet in unets:
        size = sum(file.stat().st_size for file in (Path(unet.folder) / 'unet').iterdir())
        cells = [f'{np.median([run["wall"] for run in unet.runs]):.3f}']
        for key in ('wall', 'cpu'):
            ratios = [a[key] / b[key] for a, b in zip(first.runs, unet.runs)]
            cells.append(f'{np.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})')
        cells += [f'{unet.loaded["load"]:.2f}', f'{size / 1e6:.0f}', f'{unet.loaded["load_peak"] / 1e6:.0f}', f'{unet.runs[-1]["peak"] / 1e6:.0f}']
        print(f'| {Path(unet.folder).name} | {" | ".join(cells)} |')
        unet.process.stdin.close()
        unet.process.wait()


if __name__ == '__main__':
    main()
