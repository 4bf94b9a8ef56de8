import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import Replicate, { validateWebhook } from 'replicate'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { pixelsOf, prompt, type Studio } from './studio.ts'

interface Received {
  headers: IncomingHttpHeaders
  body: string
}

/** Where webhooks go until the test has finished. */
async function startReceiver(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    received.push({ headers: request.headers, body: Buffer.concat(pieces).toString() })
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received }
}

/** Replicate's own package, unchanged. */
export function replicateClient(studio: Studio): void {
  describe('replicate', () => {
    const model = 'pentimento/tiny-sd1'
    let replicate: Replicate
    beforeAll(() => {
      replicate = new Replicate({ auth: 'none', baseUrl: `${studio.url}/replicate/v1` })
    })
    async function run(input: object): Promise<Uint8Array> {
      const [file] = (await replicate.run(model, { input: { prompt, num_inference_steps: 8, ...input } })) as [
        ReadableStream,
      ]
      return new Uint8Array(await new Response(file).arrayBuffer())
    }

    it('paints from words, and anew from a picture', async () => {
      expect(await pixelsOf(await run({ width: 64, height: 64 }))).toMatchObject({ width: 64, height: 64 })
      const inputs = { image: studio.apple, prompt_strength: 0.5, seed: 3 }
      const [once, twice] = [await run(inputs), await run(inputs)]
      expect(await studio.changed(once, 'inside')).toBeGreaterThan(1600)
      expect(twice).toEqual(once)
    })

    it('repaints what is white in the mask, and nothing else', async () => {
      const painted = await run({ image: studio.apple, mask: studio.white })
      expect(await studio.changed(painted, 'outside')).toBe(0)
      expect(await studio.changed(painted, 'inside')).toBeGreaterThan(1600)
    })

    it('believes what we sign, and nothing that was changed', async () => {
      const rotated = await fetch(`${studio.url}/v1/webhook-secret/rotate`, { method: 'POST' })
      const { secret } = (await rotated.json()) as { secret: string }
      const { url, received } = await startReceiver()
      const input = { prompt, num_inference_steps: 2, width: 64, height: 64 }
      const { id } = await replicate.predictions.create({
        model,
        input,
        webhook: url,
        webhook_events_filter: ['completed'],
      })
      await expect.poll(() => received.length, { timeout: 30_000 }).toBe(1)
      const [{ headers, body }] = received as [Received]
      expect(JSON.parse(body)).toMatchObject({ id, status: 'succeeded', output: [expect.any(String)] })
      const said = {
        id: String(headers['webhook-id']),
        timestamp: String(headers['webhook-timestamp']),
        signature: String(headers['webhook-signature']),
        body,
      }
      expect(await validateWebhook({ ...said, secret })).toBe(true)
      expect(await validateWebhook(new Request(url, { method: 'POST', headers: headers as never, body }), secret)).toBe(
        true,
      )
      expect(await validateWebhook({ ...said, secret, body: body.replace('succeeded', 'failed') })).toBe(false)
      expect(await validateWebhook({ ...said, secret, timestamp: '1' })).toBe(false)
      expect(await validateWebhook({ ...said, secret: `whsec_${btoa('another')}` })).toBe(false)
    })
  })
}
