import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { img2imgFields, inpaintFields, txt2imgFields } from '@pentimento/contracts'
import { encode, type ImageFormat } from '@pentimento/images'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
const pictures: Buffer[] = []

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  for (const format of ['png', 'jpeg', 'webp'] satisfies ImageFormat[]) {
    const data = Uint8Array.from({ length: 80 * 60 * 3 }, (_, i) => (i * i) % 253)
    pictures.push(await encode({ width: 80, height: 60, data }, { format, quality: 80, metadata: null }))
  }
})

afterAll(() => service.close())

interface Sent {
  route: 'img2img' | 'inpaint' | 'txt2img'
  body: FormData | Uint8Array<ArrayBuffer> | string
  type?: string
}

async function send({ route, body, type }: Sent): Promise<void> {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  const answer = await request(`${service.url}/v1/${route}`, { method: 'POST', body, headers })
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500)
  if (answer.status === 202) {
    await request(`${service.url}/v1/jobs/${answer.body.id}`, { method: 'DELETE' })
  } else {
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body.code).toBeTypeOf('string')
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  remove: fc.nat(20),
  insert: fc.uint8Array({ maxLength: 20 }),
})
const changes = fc.array(change, { minLength: 1, maxLength: 6 })

function mutate(
  bytes: Uint8Array,
  list: { at: number; remove: number; insert: Uint8Array }[],
): Uint8Array<ArrayBuffer> {
  let result = Uint8Array.from(bytes)
  for (const { at, remove, insert } of list) {
    const from = Math.floor(at * result.length)
    result = Uint8Array.from([...result.subarray(0, from), ...insert, ...result.subarray(from + remove)])
  }
  return result
}

/** Forms that are whole, with a picture or a mask that is not. */
const brokenPictures = fc
  .record({ picture: fc.nat(2), changes, mask: fc.boolean(), cut: fc.boolean() })
  .map(({ picture, changes: list, mask, cut }) => (): Sent => {
    const bytes = pictures[picture] ?? Buffer.alloc(0)
    const broken = mutate(cut ? bytes.subarray(0, Math.floor((list[0]?.at ?? 0) * bytes.length)) : bytes, list)
    const files = mask ? { image: bytes, mask: broken } : { image: broken }
    return { route: mask ? 'inpaint' : 'img2img', body: formOf({ prompt: 'p', width: 64, height: 64, ...files }) }
  })

const boundary = 'b0undary'

function part(name: string, value: Uint8Array | string, file = ''): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')])
}

/** The bytes of a whole form, changed anywhere. */
const brokenForms = fc
  .record({ route: fc.constantFrom('img2img', 'inpaint'), changes })
  .map(({ route, changes: list }) => (): Sent => {
    const files = route === 'inpaint' ? ['image', 'mask'] : ['image']
    const whole = Buffer.concat([
      part('prompt', 'p'),
      part('seed', '5'),
      part('steps', '5'),
      part('metadata', '{"a":1}'),
      ...files.map((name) => part(name, pictures[0] ?? '', '; filename="a.png"')),
      Buffer.from(`--${boundary}--\r\n`),
    ])
    return { route, body: mutate(whole, list), type: `multipart/form-data; boundary=${boundary}` }
  })

const names = { img2img: Object.keys(img2imgFields.shape), inpaint: Object.keys(inpaintFields.shape) }
const odd = [
  '',
  'true',
  'null',
  'NaN',
  '1e999',
  '-0',
  '0x10',
  '[]',
  '{"__proto__":1}',
  'https://[::]/',
  'euler a',
  '漢'.repeat(2000),
  '🍓'.repeat(2000),
  `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`,
]
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double().map(String),
  fc.integer().map(String),
  fc.constantFrom(...odd),
)

/** Forms with odd values under known names, and unknown names. */
const oddFields = fc
  .constantFrom<'img2img' | 'inpaint'>('img2img', 'inpaint')
  .chain((route) => {
    const known = { weight: 9, arbitrary: fc.constantFrom(...names[route]) }
    const name = fc.oneof(known, { weight: 1, arbitrary: fc.string() })
    const fields = fc.dictionary(name, value, { maxKeys: 6 })
    return fc.record({ route: fc.constant(route), fields, image: fc.boolean() })
  })
  .map(({ route, fields, image }) => (): Sent => {
    const files = image ? { image: pictures[0], mask: route === 'inpaint' ? pictures[1] : undefined } : {}
    return { route, body: formOf({ prompt: 'p', width: 64, height: 64, steps: 4, ...files, ...fields }) }
  })

const ofRoutes = { ...names, txt2img: Object.keys(txt2imgFields.shape) }
const picture64 = (broken: number) =>
  Buffer.from(pictures[0] ?? '')
    .toString('base64')
    .slice(broken)

/** Fields as JSON, of odd types, with pictures in it that are whole, broken, or none; or what is no JSON. */
const oddJson = fc
  .constantFrom<Sent['route']>('img2img', 'inpaint', 'txt2img')
  .chain((route) => {
    const known = { weight: 9, arbitrary: fc.constantFrom(...ofRoutes[route], 'image', 'mask') }
    const one = fc.oneof(value, fc.jsonValue({ maxDepth: 2 }), fc.constant(null))
    const fields = fc.dictionary(fc.oneof(known, { weight: 1, arbitrary: fc.string() }), one, { maxKeys: 6 })
    return fc.record({ route: fc.constant(route), fields, broken: fc.constantFrom(0, 0, 0, 1, 60), cut: fc.nat(40) })
  })
  .map(({ route, fields, broken, cut }) => (): Sent => {
    const picture = `data:image/png;base64,${picture64(broken)}`
    const files = route === 'txt2img' ? {} : { image: picture, mask: route === 'inpaint' ? picture64(0) : undefined }
    const body = JSON.stringify({ prompt: 'p', width: 64, height: 64, steps: 4, ...files, ...fields })
    return { route, body: cut === 0 ? body.slice(0, -20) : body, type: 'application/json' }
  })

it('answers 200 mutated pictures and 1,250 mutated bodies, and keeps its memory flat', async () => {
  const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number) => fc.sample(arbitrary, { numRuns, seed: 11 })
  const [uploads, forms, fields] = [sample(brokenPictures, 200), sample(brokenForms, 500), sample(oddFields, 500)]
  const json = sample(oddJson, 250)
  const memory: number[] = []
  // Mixed evenly, so that what is measured late is what is measured early.
  for (let i = 0; i < 500; i++) {
    for (const make of [
      forms[i],
      fields[i],
      i % 2 ? json[(i - 1) / 2] : undefined,
      i % 5 < 2 ? uploads[Math.floor(i / 5) * 2 + (i % 5)] : undefined,
    ]) {
      if (make) await send(make())
    }
    if (i % 10 !== 0) continue
    collectGarbage()
    memory.push(process.memoryUsage().rss)
  }
  const { body } = await request<{ data: unknown[] }>(`${service.url}/v1/jobs`)
  expect(body.data, 'no refused body leaves a job behind').toEqual([])
  const quarter = memory.length / 4
  const second = median(memory.slice(quarter, 2 * quarter))
  expect(median(memory.slice(3 * quarter)) / second).toBeLessThan(1.1)
})
