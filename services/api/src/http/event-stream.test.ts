import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type EventStream, openEventStream } from './event-stream.ts'

let app: FastifyInstance
let opened: Promise<EventStream>
let client: Socket

beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<EventStream>()
  opened = promise
  app = Fastify()
  app.get('/', (_, reply) => resolve(openEventStream(reply)))
  const port = new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port
  client = connect(Number(port), '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
})

afterEach(async () => {
  client.destroy()
  await app.close()
})

const large = 'x'.repeat(16_000)

it('drops what a reader that does not read may miss, and keeps what it must get', async () => {
  const stream = await opened
  client.pause()
  for (let i = 0; i < 2000; i++) stream.offer({ event: 'preview', data: [large] })
  stream.send({ event: 'job', data: { status: 'succeeded' }, id: 'final' })
  stream.end()
  let text = ''
  client.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  client.resume()
  await expect.poll(() => text, { timeout: 5000 }).toContain('event: job\nid: final\ndata: {"status":"succeeded"}\n\n')
  // What the sockets of both ends hold, and no more.
  expect(text.match(/event: preview/g)?.length).toBeLessThan(1000)
})

it('cuts off a reader for whom even the rest piles up', async () => {
  const stream = await opened
  client.pause()
  client.on('error', () => {})
  const closed = once(client, 'close')
  for (let i = 0; i < 2000; i++) stream.send({ event: 'job', data: [large] })
  client.resume()
  await closed
  stream.heartbeat()
  stream.end()
})
