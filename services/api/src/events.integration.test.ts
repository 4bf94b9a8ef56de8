import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { startConsumer } from './testing/consumer.ts'
import { readEvents } from './testing/read-events.ts'
import { type Fields, formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

afterAll(() => service.close())

async function submit(fields: Fields = {}): Promise<string> {
  const body = formOf({ prompt: 'p', image: picture, width: 64, height: 64, steps: 30, strength: 1, ...fields })
  return (await request(`${service.url}/v1/img2img`, { method: 'POST', body })).body.id
}

const open = (id: string, query = '', headers: Record<string, string> = {}) =>
  fetch(`${service.url}/v1/jobs/${id}/events${query}`, { headers })

describe('GET /v1/jobs/{id}/events', () => {
  it('shows the job as it is, its progress, and its end', async () => {
    const id = await submit()
    const stream = await open(id)
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(stream.headers.get('x-request-id')).not.toBeNull()
    const reading = readEvents(stream)
    const consumer = await startConsumer(service, 30)
    const events = await reading
    await consumer.shutdown()
    const jobs = events.filter(({ event }) => event === 'job').map(({ data }) => data.status)
    expect(jobs).toEqual(['queued', 'processing', 'succeeded'])
    expect(events.at(-1)).toMatchObject({ event: 'job', id: 'final', data: { images: [{ index: 0 }] } })
    const steps = events.filter(({ event }) => event === 'progress').map(({ data }) => Number(data.step))
    expect(steps.length).toBeGreaterThan(1)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect(events.some(({ event }) => event === 'preview')).toBe(false)
  })

  it('sends progress four times a second at most', async () => {
    const id = await submit({ steps: 100 })
    const consumer = await startConsumer(service, 10)
    const start = performance.now()
    const events = await readEvents(await open(id))
    const seconds = (performance.now() - start) / 1000
    await consumer.shutdown()
    expect(events.filter(({ event }) => event === 'progress').length).toBeLessThanOrEqual(seconds * 4 + 2)
  })

  it('begins with the job, however much happens while that is read', async () => {
    const consumer = await startConsumer(service, 10)
    const id = await submit({ steps: 100 })
    const { jobs } = service.state
    const { get } = jobs
    const slow = vi.spyOn(jobs, 'get').mockImplementation(async (...args) => {
      await sleep(100)
      return get(...args)
    })
    const events = await readEvents(await open(id, '?previews=1'))
    slow.mockRestore()
    await consumer.shutdown()
    expect(events[0]).toMatchObject({ event: 'job', data: { id } })
    expect(events.some(({ event }) => event === 'preview')).toBe(true)
  })

  it('shows a finished job once, and tells a reader who has seen it to stay away', async () => {
    const consumer = await startConsumer(service)
    const id = await submit({ steps: 2 })
    await request(`${service.url}/v1/jobs/${id}?wait=20`)
    await consumer.shutdown()
    const events = await readEvents(await open(id))
    expect(events.map(({ event, data }) => [event, data.status])).toEqual([['job', 'succeeded']])
    expect((await open(id, '', { 'last-event-id': 'final' })).status).toBe(204)
  })

  it('shows previews of each picture to those who ask for them', async () => {
    const id = await submit({ steps: 40, num_images: 2 })
    const [plain, watching] = [readEvents(await open(id)), readEvents(await open(id, '?previews=5'))]
    const consumer = await startConsumer(service, 20)
    const [without, previews] = await Promise.all([plain, watching])
    await consumer.shutdown()
    expect(without.some(({ event }) => event === 'preview')).toBe(false)
    const seen = previews.filter(({ event }) => event === 'preview')
    expect(new Set(seen.map(({ data }) => data.index))).toEqual(new Set([0, 1]))
    expect(seen[0]?.data).toMatchObject({ content_type: 'image/webp', data: expect.any(String) })
  })

  it('ends for a reader when the job is deleted', async () => {
    const id = await submit()
    const reading = readEvents(await open(id))
    await request(`${service.url}/v1/jobs/${id}`, { method: 'DELETE' })
    expect((await reading).length).toBeGreaterThan(0)
  })

  it('asks readers to come back when the server drains', async () => {
    const own = await startService(inject('redisUrl'))
    const body = formOf({ prompt: 'p', image: picture })
    const { id } = (await request(`${own.url}/v1/img2img`, { method: 'POST', body })).body
    const stream = await fetch(`${own.url}/v1/jobs/${id}/events`)
    const text = stream.text()
    await new Promise((resolve) => setTimeout(resolve, 100))
    own.drain()
    expect(await text).toMatch(/retry: \d{3,4}\n\n$/)
    await own.close()
  })

  it('serves a thousand readers over one subscription, and forgets those that leave', async () => {
    const id = await submit()
    const leaving = new AbortController()
    const url = `${service.url}/v1/jobs/${id}/events`
    const streams = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => fetch(url, i % 2 === 0 ? { signal: leaving.signal } : {})),
    )
    const readers = streams.map((stream, i) => (i % 2 === 0 ? stream.text().catch(() => 'left') : readEvents(stream)))
    expect(await connections()).toBeGreaterThanOrEqual(1000)
    leaving.abort()
    await expect.poll(() => connections(), { timeout: 30_000 }).toBeLessThanOrEqual(600)
    await request(`${service.url}/v1/jobs/${id}/cancel`, { method: 'POST' })
    const events = (await Promise.all(readers)).filter((reader) => typeof reader !== 'string')
    expect(events).toHaveLength(500)
    for (const list of events) expect(list.at(-1)?.data.status).toBe('canceled')
  })
})

function connections(): Promise<number> {
  return new Promise((resolve, reject) => {
    service.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}
