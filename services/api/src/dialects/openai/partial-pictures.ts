import { scalePicture } from '@pentimento/images'
import type { JobRecord } from '@pentimento/state'
import { decodeLimits } from '../../submit/decoding.ts'
import { parseSize, type Size } from '../fit-size.ts'
import type { DialectDeps } from '../run-jobs.ts'
import type { OpenaiFields } from './request.ts'

/** Workers forget a wish after 15 s. */
const askAgainMs = 8000

/**
 * Sends views of a job's first picture while it is painted, at most as many as are asked for, spread over its steps, in
 * the format and the size of the picture itself. A fast job may end before they are all there.
 */
export function partialPictures(
  { state, log }: Pick<DialectDeps, 'state' | 'log'>,
  job: JobRecord,
  fields: Pick<OpenaiFields, 'partial_images' | 'output_format' | 'output_compression'>,
  send: (picture: Size & { bytes: Uint8Array }, index: number) => Promise<void>,
): { end(): Promise<void> } {
  const { parameters, metadata } = job.request
  const { width, height } = parseSize(metadata.result_size) ?? parameters
  // Pictures take turns.
  const every = Math.max(1, Math.floor(parameters.steps_run / (fields.partial_images + 1) / parameters.num_images))
  const options = {
    size: () => ({ width, height }),
    quality: Math.max(1, fields.output_compression),
    format: fields.output_format,
  }
  let taken = 0
  let last = Promise.resolve()
  const unsubscribe = state.events.subscribe(job.id, (event) => {
    if (event.type !== 'preview' || event.index > 0 || taken === fields.partial_images) return
    const index = taken++
    last = last
      .then(async () => send({ width, height, bytes: await scalePicture(event.image, options, decodeLimits) }, index))
      .catch((err) => log.warn({ err, job: job.id }, 'a preview could not be sent'))
  })
  const ask = () => void state.events.requestPreviews(job.id, every).catch(() => {})
  const asking = setInterval(ask, askAgainMs)
  ask()
  return {
    async end() {
      clearInterval(asking)
      unsubscribe()
      await last
    },
  }
}
