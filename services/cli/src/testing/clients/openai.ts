import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Job } from '@pentimento/contracts'
import { generateImage } from 'ai'
import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError, toFile } from 'openai'
import { beforeAll, describe, expect, it } from 'vitest'
import { pixelsOf, prompt, root, type Studio } from './studio.ts'

const run = promisify(execFile)

/** A proxy that breaks the first connection half a second after it has passed its request on. */
async function startBreakingProxy(target: string): Promise<{ url: string; asked(): number; close(): void }> {
  let asked = 0
  const server = createServer((incoming, answer) => {
    const { method, headers, url } = incoming
    const isFirst = asked++ === 0
    const onward = request(`${target}${url}`, { method, headers }, (back) => {
      answer.writeHead(back.statusCode ?? 502, back.headers)
      back.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    incoming.pipe(onward)
    if (isFirst) setTimeout(() => answer.destroy(), 500)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
const steps = { steps: 8 }
const bytesOf = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64')

/** OpenAI's own package and Vercel's AI SDK, unchanged. */
export function openaiClients(studio: Studio): void {
  let openai: OpenAI
  beforeAll(() => {
    openai = new OpenAI({ baseURL: `${studio.url}/v1`, apiKey: 'none' })
  })
  const apple = () => toFile(studio.apple, 'apple.png', { type: 'image/png' })

  describe('openai', () => {
    it('edits a picture, of a list too', async () => {
      const image = await apple()
      const one = await openai.images.edit({ image, prompt, ...steps } as OpenAI.Images.ImageEditParamsNonStreaming)
      const list = await openai.images.edit({ image: [image], prompt, model: 'gpt-image-1', size: 'auto', n: 2 })
      expect([one.data?.length, list.data?.length]).toEqual([1, 2])
      const { width } = await pixelsOf(bytesOf(one.data?.[0]?.b64_json))
      expect(width).toBe(128)
    })

    it('repaints what is transparent in the mask, and nothing else', async () => {
      const answer = await openai.images.edit({
        image: await apple(),
        mask: await toFile(studio.open, 'mask.png'),
        prompt,
      })
      const bytes = bytesOf(answer.data?.[0]?.b64_json)
      expect(await studio.changed(bytes, 'outside')).toBe(0)
      expect(await studio.changed(bytes, 'inside')).toBeGreaterThan(1600)
    })

    it('paints from words, of the size that is asked for, in its format', async () => {
      const answer = await openai.images.generate({ prompt, size: '48x32', output_format: 'webp', model: 'dall-e-2' })
      const bytes = bytesOf(answer.data?.[0]?.b64_json)
      expect(bytes.subarray(8, 12).toString()).toBe('WEBP')
      expect(await pixelsOf(bytes)).toMatchObject({ width: 48, height: 32 })
      expect((await studio.newestJob()).warnings.map(({ code }) => code)).toContain('size_fitted')
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
      await symlink(join(root, 'assets'), join(studio.dir, 'assets'))
      await symlink(join(root, 'services/cli/node_modules'), join(studio.dir, 'node_modules'))
      await writeFile(join(studio.dir, 'edit.ts'), program.replaceAll('http://127.0.0.1:8080', studio.url))
      await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'edit.ts'], {
        cwd: studio.dir,
        env: { PATH: '' },
      })
      expect(await pixelsOf(await readFile(join(studio.dir, 'lemon.png')))).toMatchObject({ width: 128 })
    })

    it('lists models, and tells its user what is wrong', async () => {
      const models = []
      for await (const { id } of openai.models.list()) models.push(id)
      expect(models).toContain('tiny-sd1')
      expect((await openai.models.retrieve('tiny-sd1')).owned_by).toBe('pentimento')
      const image = await apple()
      await expect(openai.images.edit({ image, prompt, n: 11 })).rejects.toThrow(/^400 n: must be at most 10$/)
      const error = await openai.images.edit({ image, mask: image, prompt }).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(BadRequestError)
      expect(error).toMatchObject({ param: 'mask', code: 'invalid_mask_image_format', type: 'invalid_request_error' })
      await expect(openai.images.generate({ prompt, model: 'nobody' })).rejects.toBeInstanceOf(NotFoundError)
    })

    it('repeats by itself what a broken connection has cost it, and the repeat joins the job', async () => {
      const { url, asked, close } = await startBreakingProxy(studio.url)
      const retrying = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' })
      const body = { prompt: 'a job for two requests', n: 2, size: '256x256', ...{ steps: 60 } }
      const answer = await retrying.images.generate(body as OpenAI.Images.ImageGenerateParamsNonStreaming)
      close()
      expect([asked(), answer.data?.length]).toEqual([2, 2])
      const { data } = (await (await fetch(`${studio.url}/v1/jobs?limit=20`)).json()) as { data: Job[] }
      const made = data.filter(({ parameters }) => parameters.prompt === body.prompt)
      expect(made.map(({ status }) => status)).toEqual(['succeeded'])
    })

    it('cancels what it gives up', async () => {
      const gone = new AbortController()
      // Long enough that it still runs when no repeat has come for ten seconds.
      const body = { prompt, n: 8, size: '256x256', ...{ steps: 150 } } as OpenAI.Images.ImageGenerateParamsNonStreaming
      const asking = openai.images.generate(body, { signal: gone.signal, maxRetries: 0 })
      await expect.poll(async () => (await studio.newestJob()).parameters.steps).toBe(150)
      await expect.poll(async () => (await studio.newestJob()).status, { timeout: 10_000 }).not.toBe('queued')
      gone.abort()
      await expect(asking).rejects.toBeInstanceOf(APIUserAbortError)
      const isAsked = async () => (await studio.newestJob()).cancel_requested_at !== null
      await studio.whileFrozen(() => expect.poll(isAsked, { timeout: 30_000 }).toBe(true))
      await expect.poll(async () => (await studio.newestJob()).status, { timeout: 30_000 }).toBe('canceled')
    })
  })

  describe('ai', () => {
    const compatible = () =>
      createOpenAICompatible({ name: 'pentimento', baseURL: `${studio.url}/v1` }).imageModel('tiny-sd1')

    it('edits with a mask, through the provider for compatible servers', async () => {
      const { image } = await generateImage({
        model: compatible(),
        prompt: { text: prompt, images: [studio.apple], mask: studio.open },
        providerOptions: { pentimento: { steps: 8, seed: 3 } },
      })
      expect(await studio.changed(image.uint8Array, 'outside')).toBe(0)
      expect(await studio.changed(image.uint8Array, 'inside')).toBeGreaterThan(0)
      expect((await studio.newestJob()).parameters).toMatchObject({ steps: 8, seed: 3 })
      await generateImage({ model: compatible(), prompt: { text: prompt, images: [studio.apple] } })
      expect((await studio.newestJob()).kind).toBe('img2img')
    })

    it('paints several from words, through both providers', async () => {
      const models = [compatible(), createOpenAI({ baseURL: `${studio.url}/v1`, apiKey: 'none' }).image('tiny-sd1')]
      for (const model of models) {
        const { images } = await generateImage({ model, prompt, n: 3, size: '64x64' })
        expect(images).toHaveLength(3)
        expect(await pixelsOf(images[2]?.uint8Array ?? new Uint8Array())).toMatchObject({ width: 64, height: 64 })
      }
    })

    it('tells its user what is wrong, and cancels what is given up', async () => {
      const wrong = generateImage({
        model: compatible(),
        prompt: { text: prompt, images: [studio.apple], mask: studio.apple },
      })
      await expect(wrong).rejects.toThrow(/no transparent pixel/)
      const abortSignal = AbortSignal.timeout(300)
      const options = { pentimento: { steps: 149 } }
      const given = generateImage({ model: compatible(), prompt, n: 8, providerOptions: options, abortSignal })
      await expect(given).rejects.toThrow()
      await sleep(100)
      await expect.poll(async () => (await studio.newestJob()).status, { timeout: 30_000 }).toBe('canceled')
    })
  })
}
