import { softMask } from '../denoise/masked.ts'
import { type LatentSpace, latentSize } from '../folder/latent-space.ts'
import { hardMask, latentMask, nearestPlane } from '../images/latent-resize.ts'
import type { GrayImage, InpaintRequest } from '../request.ts'
import type { Run as WholeRun } from '../schedules/schedule.ts'
import { emptyMask } from './empty-mask.ts'
import { type WorkingMask, workingMask } from './working-mask.ts'

/** What the sampler may repaint, and the mask that this comes from. */
interface Repainted extends WorkingMask {
  /** 0–1, one plane at the size of the latents. */
  latents: Float32Array
}

/** The noise levels of a run: those of the schedule that strength left. */
export type Run = Pick<WholeRun, 'sigmas' | 'timestep'>

/**
 * What of its mask a request repaints.
 *
 * @param run null when no step is run
 * @throws PipelineError `empty_mask` when the sampler would be held to the original everywhere
 */
export function repaintedLatents(request: InpaintRequest, space: LatentSpace, run: Run | null): Repainted {
  const working = workingMask(request)
  const latents = openLatents(request, working, space, run)
  if (latents) return { ...working, latents }
  throw emptyMask(
    request,
    working.box,
    space.factor,
    (other) => openLatents(other, workingMask(other), space, run) !== null,
  )
}

/** The mask at the size of the latents; null when no latent is ever open. */
function openLatents(
  request: InpaintRequest,
  { mask }: WorkingMask,
  space: LatentSpace,
  run: Run | null,
): Float32Array | null {
  const latents = maskOfLatents(request, mask, space)
  const open = request.inpaint.soft && run ? openAtLast(latents, run) : latents
  return open.some((value) => value > 0) ? latents : null
}

function maskOfLatents(request: InpaintRequest, mask: GrayImage, space: LatentSpace): Float32Array {
  const size = latentSize(space, request)
  if (request.semantics === 'diffusers') return nearestPlane(hardMask(mask), mask, size)
  return latentMask(mask, size.width, size.height, !request.inpaint.soft)
}

/** What of a soft mask takes part when the model is asked for the last time, which is when the most does. */
function openAtLast(latents: Float32Array, { sigmas, timestep }: Run): Float32Array {
  // Softness goes by noise levels alone: it is only of a1111, where no call is told anything of its own.
  const at = (sigma: number) => timestep(sigma, 0)
  return softMask(latents, at, at(sigmas[0]))(sigmas[sigmas.length - 2])
}
