import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@pentimento/free-port'
import { decodeRgb, encode } from '@pentimento/images'
import type { Consumer } from '@pentimento/state'
import Replicate from 'replicate'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startConsumer } from '../../testing/consumer.ts'
import { request, startService, type TestService } from '../../testing/service.ts'

let service: TestService
let consumer: Consumer
let replicate: Replicate
let picture: Buffer

const limits = { maxPixels: 1e7, maxSide: 4096, maxAspect: 64, maxSeconds: 5 }
const size = { width: 64, height: 64 }
const plain = (value: number) =>
  encode({ ...size, data: new Uint8Array(64 * 64 * 3).fill(value) }, { format: 'png', quality: null, metadata: null })

/** The service under the address at which clients reach it, as PUBLIC_URL has to be. */
async function start(): Promise<TestService> {
  const port = await freePort()
  return startService(inject('redisUrl'), { publicUrl: `http://127.0.0.1:${port}` }, port)
}

beforeAll(async () => {
  service = await start()
  consumer = await startConsumer(service)
  replicate = new Replicate({ auth: 'none', baseUrl: `${service.url}/replicate/v1` })
  picture = await plain(90)
})

afterAll(async () => {
  await consumer.shutdown()
  await service.close()
})

const newest = async () =>
  (
    await request<{
      data: { id: string; kind: string; status: string; metadata: unknown; parameters: Record<string, unknown> }[]
    }>(`${service.url}/v1/jobs?limit=1`)
  ).body.data[0]

describe('run', () => {
  it('gives files whose bytes are the pictures', async () => {
    const input = { image: picture, prompt: 'a strawberry (AND more)', num_outputs: 2, num_inference_steps: 4, seed: 5 }
    const output = (await replicate.run('pentimento/test-model', { input })) as unknown as Blob[]
    expect(output).toHaveLength(2)
    const { image } = await decodeRgb(
      new Uint8Array(await new Response(output[0] as unknown as ReadableStream).arrayBuffer()),
      limits,
    )
    expect([image.width, image.height]).toEqual([64, 64])
    expect(await newest()).toMatchObject({
      kind: 'img2img',
      metadata: { via: 'replicate' },
      parameters: { semantics: 'diffusers', strength: 0.8, seed: 5, prompt: 'a strawberry (AND more)', width: 64 },
    })
  })

  it('repaints the white of a mask, with files put down first or as data URLs', async () => {
    const input = { image: picture, mask: await plain(255), prompt: 'p', scheduler: 'K_EULER', num_inference_steps: 2 }
    expect(await replicate.run('pentimento/test-model', { input })).toHaveLength(1)
    expect(await newest()).toMatchObject({ kind: 'inpaint', parameters: { mask_mode: 'white', sampler: 'euler' } })
    expect((await replicate.files.list()).results.length).toBeGreaterThanOrEqual(2)
    const inline = (bytes: Buffer) => `data:application/octet-stream;base64,${bytes.toString('base64')}`
    const texts = { ...input, image: inline(input.image), mask: inline(input.mask) }
    expect(await replicate.run('pentimento/test-model', { input: texts, wait: { mode: 'poll' } })).toHaveLength(1)
  })

  it.each(['version', 'owner/name:version', 'stability-ai/sdxl'])('names a model by its %s', async (how) => {
    const { latest_version: version } = await replicate.models.get('pentimento', 'test-model')
    const reference =
      how === 'version'
        ? `x/y:${version?.id}`
        : how === 'stability-ai/sdxl'
          ? how
          : `pentimento/test-model:${version?.id}`
    const input = { image: picture, prompt: 'p', num_inference_steps: 1, prompt_strength: 0.2 }
    expect(await replicate.run(reference as `${string}/${string}`, { input })).toHaveLength(1)
    // int(1 · 0.2) would run none.
    expect((await newest())?.parameters.steps).toBe(5)
  })

  it('still waits when the job takes longer than the answer', async () => {
    await consumer.shutdown()
    const running = replicate.run('pentimento/test-model', {
      input: { image: picture, prompt: 'p' },
      wait: { mode: 'block', timeout: 1, interval: 100 },
    })
    await sleep(1500)
    consumer = await startConsumer(service)
    expect(await running).toHaveLength(1)
  })

  it('cancels by a signal', async () => {
    await consumer.shutdown()
    const leaving = new AbortController()
    const running = replicate.run('pentimento/test-model', {
      input: { image: picture, prompt: 'p' },
      signal: leaving.signal,
      wait: { mode: 'poll', interval: 50 },
    })
    while ((await newest())?.status !== 'queued') await sleep(20)
    leaving.abort()
    await running.catch(() => null)
    while ((await newest())?.status !== 'canceled') await sleep(20)
    consumer = await startConsumer(service)
  })
})

describe('predictions', () => {
  it('are made, followed, listed and canceled', async () => {
    await consumer.shutdown()
    const made = await replicate.predictions.create({
      model: 'pentimento/test-model',
      input: { image: `data:application/octet-stream;base64,${picture.toString('base64')}`, prompt: 'p' },
    })
    expect(made).toMatchObject({ status: 'starting', model: 'pentimento/test-model', output: null, error: null })
    expect((await replicate.predictions.list()).results[0]?.id).toBe(made.id)
    expect((await replicate.predictions.cancel(made.id)).status).toBe('canceled')
    expect((await replicate.predictions.get(made.id)).status).toBe('canceled')
    const pages = []
    for await (const page of replicate.paginate(replicate.predictions.list)) pages.push(...page)
    expect(pages.map(({ id }) => id)).toContain(made.id)
    consumer = await startConsumer(service)
  })

  it('tell how far they are', async () => {
    const done = await replicate.wait(
      await replicate.predictions.create({
        model: 'pentimento/test-model',
        input: { image: picture, prompt: 'p', num_inference_steps: 5 },
      }),
      { interval: 50 },
    )
    expect(done.logs).toMatch(/100%\|█+\| 4\/4\n$/)
    expect(done.metrics).toBeDefined()
  })

  it('are refused with what is wrong', async () => {
    const make = (input: object) => replicate.predictions.create({ model: 'pentimento/test-model', input })
    await expect(make({ image: picture, prompt: 'p', num_inference_steps: 900 })).rejects.toThrow(/input\.steps/)
    await expect(make({ image: 'data:image/png;base64,AAAA', prompt: 'p' })).rejects.toThrow(/input\.image/)
    await expect(make({ mask: picture, prompt: 'p' })).rejects.toThrow(/input\.image/)
    await expect(replicate.run('somebody/nothing', { input: {} })).rejects.toThrow(/pentimento\/test-model/)
  })
})

describe('with keys, over https', () => {
  let other: TestService
  let tokens: string[]
  beforeAll(async () => {
    other = await startService(inject('redisUrl'), { auth: 'keys', publicUrl: 'https://pentimento.example' })
    const make = async (tenant: string) =>
      (await other.state.tenants.createKey({ tenant, scopes: ['submit', 'read'] })).token
    tokens = [await make('mine'), await make('theirs')]
  })
  afterAll(() => other.close())

  it('webhooks are those of predictions, all or as the filter says', async () => {
    await other.state.webhooks.rotateSecret('mine')
    const create = async (more: object) => {
      const body = JSON.stringify({
        version: 'test-model',
        webhook: 'https://receiver.example/hook',
        input: { image: `data:image/png;base64,${picture.toString('base64')}`, prompt: 'p' },
        ...more,
      })
      const headers = { authorization: `Bearer ${tokens[0]}` }
      const made = await fetch(`${other.url}/replicate/v1/predictions`, { method: 'POST', headers, body })
      const job = await other.state.jobs.get('mine', ((await made.json()) as { id: string }).id)
      return job !== null && 'request' in job ? job.request.webhook : null
    }
    const final = ['job.succeeded', 'job.failed', 'job.canceled', 'job.expired']
    const url = 'https://receiver.example/hook'
    const completed = await create({ webhook_events_filter: ['completed'] })
    expect(completed).toEqual({ url, events: final, shape: 'prediction' })
    expect((await create({}))?.events).toEqual(['job.started', 'job.progress', ...final])
  })

  it("outputs are URLs that open without a key, and nothing else of anybody's does", async () => {
    const worker = await startConsumer(other)
    const call = async (token: string | undefined, path: string, init: RequestInit = {}) =>
      fetch(`${other.url}/replicate/v1${path}`, {
        ...init,
        headers: { authorization: `Token ${token}`, prefer: 'wait' },
      })
    const input = {
      image: `data:image/png;base64,${picture.toString('base64')}`,
      prompt: 'p',
      num_inference_steps: 2,
      width: 1280,
      height: 640,
    }
    const made = await call(tokens[0], '/models/pentimento/test-model/predictions', {
      method: 'POST',
      body: JSON.stringify({ input }),
    })
    const { id, output } = (await made.json()) as { id: string; output: string[] }
    expect([made.status, output.length]).toEqual([201, 1])
    const path = (output[0] ?? '').replace('https://pentimento.example', other.url)
    const bare = await fetch(path)
    expect([bare.status, bare.headers.get('content-type')]).toEqual([200, 'image/png'])
    // As the Python package asks for it.
    expect((await fetch(path, { headers: { authorization: `Bearer ${tokens[0]}` } })).status).toBe(200)
    const { image } = await decodeRgb(new Uint8Array(await bare.arrayBuffer()), limits)
    expect([image.width, image.height]).toEqual([1280, 640])
    for (const wrong of [
      path.replace('/output/0', '/output/1'),
      path.slice(0, -2),
      path.replace('token=', 'tokens='),
      path.split('?')[0] ?? '',
    ])
      expect((await fetch(wrong)).status, wrong).toBe(401)
    for (const [method, foreign] of [
      ['GET', `/predictions/${id}`],
      ['POST', `/predictions/${id}/cancel`],
    ] as const)
      expect((await call(tokens[1], foreign, { method })).status).toBe(404)
    expect(await (await call(tokens[1], '/predictions')).json()).toMatchObject({ results: [] })
    const again = await call(tokens[0], '/predictions', {
      method: 'POST',
      body: JSON.stringify({ version: 'test-model', input: { ...input, image: output[0] } }),
    })
    expect(again.status).toBe(201)
    const stolen = await call(tokens[1], '/predictions', {
      method: 'POST',
      body: JSON.stringify({ version: 'test-model', input: { ...input, image: output[0] } }),
    })
    expect(stolen.status).toBe(422)
    expect((await call('pmt_x', '/predictions')).status).toBe(401)
    await worker.shutdown()
  })
})
