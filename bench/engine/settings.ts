import { img2imgRequest } from '../../services/worker/src/generate/testing/job-requests.ts'

type Settings = NonNullable<Parameters<typeof img2imgRequest>[0]>

/** The plain picture that the times of GPUs are told of. */
export const plain = {
  prompt: 'a photo of a cat',
  width: 512,
  height: 512,
  steps: 25,
  strength: 1,
  sampler: 'euler',
} as const satisfies Settings

const mixed: Settings[] = [
  { sampler: 'euler', steps: 25, strength: 1 },
  { sampler: 'dpmpp_2m', steps: 20, strength: 0.75, schedule: 'karras' },
  { sampler: 'euler_a', steps: 30, strength: 0.6 },
  { sampler: 'heun', steps: 12, strength: 1 },
  { sampler: 'ddim', steps: 25, strength: 0.8 },
  { sampler: 'dpmpp_2m_sde', steps: 28, strength: 0.9, guidance_scale: 5 },
  { sampler: 'unipc', steps: 15, strength: 1 },
  { sampler: 'lms', steps: 25, strength: 0.5, guidance_scale: 11 },
]

export const plainJob = (seed: number) => requestOf({ ...plain, seed })
export const mixedJob = (seed: number) => requestOf({ ...plain, ...mixed[seed % mixed.length], seed })

function requestOf(settings: Settings) {
  return { ...img2imgRequest(settings), model: 'sd15' }
}
