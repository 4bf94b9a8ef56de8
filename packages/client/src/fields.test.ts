import { expect, it } from 'vitest'
import { formOf } from './fields.ts'

it('writes every kind of value as the forms of the service have it', async () => {
  const form = formOf({
    prompt: 'a cat',
    seed: undefined,
    mask: null,
    strength: 0.5,
    composite: false,
    webhook_events: ['job.started', 'job.failed'],
    metadata: { order: [1, null] },
    loras: [{ name: 'ink', weight: 0.8 }],
    image: Uint8Array.of(1, 2, 3),
  })
  const { image, ...texts } = Object.fromEntries(form)
  expect(texts).toEqual({
    prompt: 'a cat',
    strength: '0.5',
    composite: 'false',
    webhook_events: 'job.started,job.failed',
    metadata: '{"order":[1,null]}',
    loras: '[{"name":"ink","weight":0.8}]',
  })
  expect(new Uint8Array(await (image as File).arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3))
})
