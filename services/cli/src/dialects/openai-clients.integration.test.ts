import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { imageLimits, type Job } from '@pentimento/contracts'
import { decodeRgb } from '@pentimento/images'
import { generateImage } from 'ai'
import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError, toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stack, startStack } from '../stack.ts'
import { maskedPng } from '../testing/masked-png.ts'
import { stackConfig } from '../testing/stack-config.ts'

/** OpenAI's own package and Vercel's AI SDK, unchanged, against the whole service. */

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const samples = join(root, 'assets/samples')
const run = promisify(execFile)
const prompt = 'a photo of a yellow lemon on a white background'
const steps = { steps: 8 }

let dir: string
let stack: Stack
let openai: OpenAI
let apple: Buffer
/** Opens the middle of the apple's picture. */
let mask: Buffer
let size: { width: number; height: number }

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-openai-'))
  const config = await stackConfig(join(dir, 'data'))
  stack = await startStack(config, { logLevel: 'error', signal: AbortSignal.timeout(60_000) })
  openai = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'none' })
  apple = await readFile(join(samples, 'apple-photo.png'))
  size = (await pixelsOf(apple)) satisfies { width: number; height: number }
  mask = maskedPng(size.width, size.height, isInside)
}, 90_000)
afterAll(async () => {
  await stack?.stop()
  await rm(dir, { recursive: true, force: true })
})

/** Of the open part of the mask, and far from its blurred edge, or outside of it and as far. */
function isInside(x: number, y: number): boolean {
  return Math.abs(x / size.width - 0.5) < 0.2 && Math.abs(y / size.height - 0.5) < 0.2
}
function isOutside(x: number, y: number): boolean {
  return Math.abs(x / size.width - 0.5) > 0.35 || Math.abs(y / size.height - 0.5) > 0.35
}

async function pixelsOf(bytes: Uint8Array) {
  return (await decodeRgb(bytes, { ...imageLimits, maxSeconds: 10 })).image
}

/** How many pixels of a part of the apple's picture another one has changed. */
async function changed(bytes: Uint8Array, isCounted: (x: number, y: number) => boolean): Promise<number> {
  const [before, after] = [await pixelsOf(apple), await pixelsOf(bytes)]
  expect([after.width, after.height]).toEqual([before.width, before.height])
  let count = 0
  for (let i = 0; i < before.width * before.height; i++) {
    if (!isCounted(i % before.width, Math.floor(i / before.width))) continue
    if (before.data.subarray(i * 3, i * 3 + 3).some((value, c) => value !== after.data[i * 3 + c])) count++
  }
  return count
}

const bytesOf = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64')
async function newestJob(): Promise<Job> {
  const { data } = (await (await fetch(`${stack.url}/v1/jobs?limit=1`)).json()) as { data: [Job] }
  return data[0]
}

describe('openai', () => {
  it('edits a picture, of a list too', async () => {
    const image = await toFile(apple, 'apple.png', { type: 'image/png' })
    const one = await openai.images.edit({ image, prompt, ...steps } as OpenAI.Images.ImageEditParamsNonStreaming)
    const list = await openai.images.edit({ image: [image], prompt, model: 'gpt-image-1', size: 'auto', n: 2 })
    expect([one.data?.length, list.data?.length]).toEqual([1, 2])
    const { width } = await pixelsOf(bytesOf(one.data?.[0]?.b64_json))
    expect(width).toBe(128)
  })

  it('repaints what is transparent in the mask, and nothing else', async () => {
    const answer = await openai.images.edit({
      image: await toFile(apple, 'apple.png'),
      mask: await toFile(mask, 'mask.png'),
      prompt,
    })
    const bytes = bytesOf(answer.data?.[0]?.b64_json)
    expect(await changed(bytes, isOutside)).toBe(0)
    expect(await changed(bytes, isInside)).toBeGreaterThan(size.width * size.height * 0.1)
  })

  it('paints from words, of the size that is asked for, in its format', async () => {
    const answer = await openai.images.generate({ prompt, size: '48x32', output_format: 'webp', model: 'dall-e-2' })
    const bytes = bytesOf(answer.data?.[0]?.b64_json)
    expect(bytes.subarray(8, 12).toString()).toBe('WEBP')
    expect(await pixelsOf(bytes)).toMatchObject({ width: 48, height: 32 })
    expect((await newestJob()).warnings.map(({ code }) => code)).toContain('size_fitted')
  })

  it('streams views on the way, and the picture at the end', async () => {
    const stream = await openai.images.generate({
      prompt,
      stream: true,
      partial_images: 2,
      size: '64x64',
      ...{ steps: 150 },
    } as OpenAI.Images.ImageGenerateParamsStreaming)
    const events = []
    for await (const event of stream) events.push(event)
    const types = events.map(({ type }) => type)
    expect(types.at(-1)).toBe('image_generation.completed')
    expect(new Set(types.slice(0, -1))).toEqual(new Set(['image_generation.partial_image']))
    for (const event of events) expect(await pixelsOf(bytesOf(event.b64_json))).toMatchObject({ width: 64 })
  })

  it('does what docs/openai.md shows', async () => {
    const page = await readFile(join(root, 'docs/openai.md'), 'utf8')
    const [, program = ''] = /^```ts\n([\s\S]*?)^```/m.exec(page) ?? []
    await symlink(join(root, 'assets'), join(dir, 'assets'))
    await symlink(join(root, 'services/cli/node_modules'), join(dir, 'node_modules'))
    await writeFile(join(dir, 'edit.ts'), program.replaceAll('http://127.0.0.1:8080', stack.url))
    await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'edit.ts'], { cwd: dir, env: { PATH: '' } })
    expect(await pixelsOf(await readFile(join(dir, 'lemon.png')))).toMatchObject({ width: 128 })
  })

  it('lists models, and tells its user what is wrong', async () => {
    const models = []
    for await (const { id } of openai.models.list()) models.push(id)
    expect(models).toContain('tiny-sd1')
    expect((await openai.models.retrieve('tiny-sd1')).owned_by).toBe('pentimento')
    const image = await toFile(apple, 'apple.png')
    await expect(openai.images.edit({ image, prompt, n: 11 })).rejects.toThrow(/^400 n: must be at most 10$/)
    const error = await openai.images.edit({ image, mask: image, prompt }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ param: 'mask', code: 'invalid_mask_image_format', type: 'invalid_request_error' })
    await expect(openai.images.generate({ prompt, model: 'nobody' })).rejects.toBeInstanceOf(NotFoundError)
  })

  it('cancels what it gives up', async () => {
    const gone = new AbortController()
    // Long enough that it still runs when no repeat has come for ten seconds.
    const body = { prompt, n: 8, size: '256x256', ...{ steps: 150 } } as OpenAI.Images.ImageGenerateParamsNonStreaming
    const asking = openai.images.generate(body, { signal: gone.signal, maxRetries: 0 })
    await expect.poll(async () => (await newestJob()).parameters.steps).toBe(150)
    await expect.poll(async () => (await newestJob()).status, { timeout: 10_000 }).not.toBe('queued')
    gone.abort()
    await expect(asking).rejects.toBeInstanceOf(APIUserAbortError)
    await expect.poll(async () => (await newestJob()).status, { timeout: 30_000 }).toBe('canceled')
  })
})

describe('ai', () => {
  const compatible = () =>
    createOpenAICompatible({ name: 'pentimento', baseURL: `${stack.url}/v1` }).imageModel('tiny-sd1')

  it('edits with a mask, through the provider for compatible servers', async () => {
    const { image } = await generateImage({
      model: compatible(),
      prompt: { text: prompt, images: [apple], mask },
      providerOptions: { pentimento: { steps: 8, seed: 3 } },
    })
    expect(await changed(image.uint8Array, isOutside)).toBe(0)
    expect(await changed(image.uint8Array, isInside)).toBeGreaterThan(0)
    expect((await newestJob()).parameters).toMatchObject({ steps: 8, seed: 3 })
  })

  it('paints several from words, through both providers', async () => {
    const models = [compatible(), createOpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'none' }).image('tiny-sd1')]
    for (const model of models) {
      const { images } = await generateImage({ model, prompt, n: 3, size: '64x64' })
      expect(images).toHaveLength(3)
      expect(await pixelsOf(images[2]?.uint8Array ?? new Uint8Array())).toMatchObject({ width: 64, height: 64 })
    }
  })

  it('tells its user what is wrong, and cancels what is given up', async () => {
    const wrong = generateImage({ model: compatible(), prompt: { text: prompt, images: [apple], mask: apple } })
    await expect(wrong).rejects.toThrow(/no transparent pixel/)
    const abortSignal = AbortSignal.timeout(300)
    const options = { pentimento: { steps: 149 } }
    const given = generateImage({ model: compatible(), prompt, n: 8, providerOptions: options, abortSignal })
    await expect(given).rejects.toThrow()
    await sleep(100)
    await expect.poll(async () => (await newestJob()).status, { timeout: 30_000 }).toBe('canceled')
  })
})
