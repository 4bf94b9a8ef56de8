import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import type { Consumer, JobRecord } from '@pentimento/state'
import { keys } from '@pentimento/storage'
import { type TestService, testModel } from './service.ts'

/**
 * Takes jobs from the real queue and ends each with as many plain pictures as it asked for, `stepMs` after each step:
 * what a worker does, without a model.
 */
export function startConsumer({ state, store }: TestService, stepMs = 1): Promise<Consumer> {
  return state.queue.consume({
    model: testModel.id,
    workerName: 'test-worker',
    handler: async (item) => {
      const started = await state.jobs.start(item.id, 'test-worker')
      if (started.outcome !== 'started') return 'done'
      const { job, attempt } = started
      const { width, height, steps_run, num_images, seed } = job.request.parameters
      const result = { attempt, images: [], error: null, warnings: [], metrics: null }
      for (let step = 1; step <= steps_run; step++) {
        await sleep(stepMs)
        const percent = Math.floor((step / steps_run) * 100)
        const next = await state.jobs.progress(item.id, attempt, {
          phase: 'denoising',
          step,
          steps: steps_run,
          percent,
        })
        if (next.previewEvery > 0 && step % next.previewEvery === 0) {
          const index = (step / next.previewEvery - 1) % num_images
          await state.events.publishPreview(item.id, { index, step, image: Buffer.from('RIFF….WEBP') })
        }
        if (next.stop === 'cancel') {
          await state.jobs.finish(item.id, { ...result, status: 'canceled' })
          return 'done'
        }
        if (next.stop === 'superseded') return 'done'
      }
      const images = []
      for (let index = 0; index < num_images; index++) {
        const data = new Uint8Array(width * height * 3).fill(index * 20)
        const file = await encode(
          { width, height, data },
          { format: 'png', quality: 90, metadata: metadataOf(job, index) },
        )
        await store.put(keys.resultKey(item.tenant, item.id, attempt, index, 'png'), file, { contentType: 'image/png' })
        const sha256 = createHash('sha256').update(file).digest('hex')
        const size = { width, height, bytes: file.length, sha256 }
        images.push({ index, seed: seed + index, variation_seed: null, content_type: 'image/png' as const, ...size })
      }
      await state.jobs.finish(item.id, { ...result, status: 'succeeded', images })
      return 'done'
    },
  })
}

/** As little as clients read out of a picture. */
function metadataOf({ request: { parameters } }: JobRecord, index: number) {
  const { prompt, steps, guidance_scale, seed, width, height } = parameters
  const line = `Steps: ${steps}, Sampler: Euler, CFG scale: ${guidance_scale}, Seed: ${seed + index}, Size: ${width}x${height}`
  return { parametersText: `${prompt}\n${line}`, json: '{}' }
}
