"""The training loop that the networks share: one-cycle rate, EMA, checkpoints, resume."""

import copy
import math
import time
from pathlib import Path

import torch

CHECKPOINT_SECONDS = 180


def rate(progress, warmup=0.06):
    """One cycle: a short linear rise, then a cosine down to nearly nothing. Progress and result in 0..1."""
    if progress < warmup:
        return max(progress / warmup, 0.02)
    return 0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup))) + 1e-3


def train(name, model, loss_of, work, steps, top_rate, ema_decay=0.998, weight_decay=0.01, peers=None):
    """Trains `model` until `steps`; `loss_of(model, step)` draws its own batch and returns the loss.

    With `peers` each process draws its own part of the batch, and only the first one logs and saves.
    A run that was stopped continues from its last checkpoint. Returns the averaged model.
    """
    work = Path(work)
    rank, count = (peers.rank, peers.count) if peers else (0, 1)
    path, log = work / f'{name}.pt', open(work / f'{name}.log', 'a', buffering=1)
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimiser = torch.optim.AdamW(model.parameters(), top_rate, betas=(0.9, 0.99), weight_decay=weight_decay, fused=True)
    step, smooth, saved = 0, None, time.time()
    if path.exists():
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state['model']), average.load_state_dict(state['average'])
        optimiser.load_state_dict(state['optimiser'])
        step = state['step']
    began, first = time.time(), step
    while step < steps:
        for group in optimiser.param_groups:
            group['lr'] = top_rate * rate(step / steps)
        torch.manual_seed(step * count + rank)  # a resumed run draws what an unbroken one would have drawn
        loss = loss_of(model, step)
        loss.backward()
        if peers:
            peers.average_gradients([p for p in model.parameters() if p.grad is not None])
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        if rank:
            continue
        decay = min(ema_decay, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - decay)
            for ours, theirs in zip(average.buffers(), model.buffers()):
                ours.copy_(theirs)
        smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
        if step % 50 == 0:
            pace = (time.time() - began) / (step - first)
            log.write(f'{time.strftime("%H:%M:%S")} step {step}/{steps} loss {smooth:.4f} {pace:.2f} s/step\n')
        if time.time() - saved > CHECKPOINT_SECONDS or step == steps:
            state = {'model': model.state_dict(), 'average': average.state_dict(), 'optimiser': optimiser.state_dict(), 'step': step}
            torch.save(state, path.with_suffix('.new'))
            path.with_suffix('.new').replace(path)
            saved = time.time()
    return average


def averaged(work, name, model):
    """Loads the averaged weights of the last checkpoint into `model`."""
    model.load_state_dict(torch.load(Path(work) / f'{name}.pt', weights_only=True)['average'])
    return model.eval().requires_grad_(False)
