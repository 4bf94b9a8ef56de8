import { PipelineError } from '../errors.ts'
import { isMemoryError } from '../ort/device-error.ts'
import type { Session } from '../ort/graph.ts'
import type { Numbers } from '../ort/values.ts'

type Answer = Record<string, { data: Numbers }>

/** One half of a VAE, which saves itself where float16 is too narrow for it. */
export interface VaeSession extends Session {
  /** Whether it has gone over to float32. */
  inFloat32(): boolean
}

/**
 * A VAE session that notices when its numbers overflow: SDXL's VAE, for one, does so in float16. It then runs once more
 * in float32, and if that helped runs there from then on.
 *
 * @param openFloat32 opens the same graph in float32; null if it is float32 already
 * @throws PipelineError `bad_output` from `run` if the numbers stay broken, `out_of_memory` if float32 does not fit
 */
export function withFloat32Retry(session: Session, openFloat32: (() => Promise<Session>) | null): VaeSession {
  let wide: Session | null = null
  let stays = false

  async function openWide(open: () => Promise<Session>): Promise<Session> {
    try {
      wide ??= await open()
      return wide
    } catch (cause) {
      if (isMemoryError(cause)) {
        const message = "The model's VAE overflows in float16, and there is too little memory to load it in float32."
        throw new PipelineError('out_of_memory', message, { cause })
      }
      throw broken('It cannot be loaded in float32 either.', cause)
    }
  }

  async function judged<A extends Answer>(run: (session: Session) => Promise<A>): Promise<A> {
    const answer = stays ? null : await run(session)
    const state = answer ? judge(answer) : 'overflowed'
    if (answer && state === 'good') return answer
    const second = openFloat32 ? await run(await openWide(openFloat32)) : null
    // Black in float32 too, or in a model that has nothing wider: perhaps the picture is black.
    if (second === null && answer && state === 'black') return answer
    if (second === null || judge(second) === 'overflowed') {
      throw broken(openFloat32 ? 'It gives none in float32 either.' : 'Its files may be damaged.')
    }
    stays ||= judge(second) === 'good'
    return second
  }

  return {
    inputs: session.inputs,
    outputs: session.outputs,
    inFloat32: () => stays,
    run: (...args) => judged((one) => one.run(...args)),
    runTyped: (...args) => judged((one) => one.runTyped(...args)),
    async release() {
      await session.release()
      await wide?.release()
    },
  }
}

/** `black`: no value above −1, which some devices make of an overflow. Latents that low cost a second run, no more. */
function judge(answer: Answer): 'good' | 'black' | 'overflowed' {
  let highest = Number.NEGATIVE_INFINITY
  let sum = 0
  for (const { data } of Object.values(answer)) {
    // A picture's bytes tell nothing; the highest of its numbers comes beside them.
    if (!(data instanceof Float32Array)) continue
    // Every value of a picture is looked at: an index costs a fraction of an iterator.
    for (let i = 0; i < data.length; i++) {
      sum += data[i]
      if (data[i] > highest) highest = data[i]
    }
  }
  if (!Number.isFinite(sum)) return 'overflowed'
  return highest <= -1 ? 'black' : 'good'
}

function broken(detail: string, cause?: unknown): PipelineError {
  return new PipelineError('bad_output', `The model's VAE gives values that are not numbers. ${detail}`, { cause })
}
