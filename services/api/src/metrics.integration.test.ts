import type { AddressInfo } from 'node:net'
import { encode } from '@pentimento/images'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Metrics } from './metrics.ts'
import { serveMetrics } from './metrics-server.ts'
import { formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let metrics: Metrics

beforeAll(async () => {
  service = await startService(inject('redisUrl'), {})
  metrics = service.metrics
})

afterAll(() => service.close())

/** The samples of an exposition, by name and labels. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

async function serve() {
  const deps = { auth: 'off', host: '127.0.0.1', publicUrl: 'https://p.example', state: service.state } as const
  const server = await serveMetrics(metrics, deps, 0)
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe('metrics', () => {
  it('count what happened', async () => {
    const data = new Uint8Array(64 * 64 * 3)
    const image = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
    const submit = (fields: object) =>
      request(`${service.url}/v1/img2img`, { method: 'POST', body: formOf({ prompt: 'p', image, ...fields }) })
    const { id } = (await submit({})).body
    await submit({ steps: 0 })
    await request(`${service.url}/v1/jobs/${id}`)
    await request(`${service.url}/nothing`)
    const samples = samplesOf(await metrics.scrape())
    const model = 'model="test-model"'
    expect(samples.get(`pentimento_jobs_submitted_total{kind="img2img",${model},via="native"}`)).toBe(1)
    expect(samples.get('pentimento_requests_refused_total{code="invalid_fields"}')).toBe(1)
    expect(samples.get('pentimento_requests_refused_total{code="not_found"}')).toBe(1)
    expect(samples.get(`pentimento_queue_waiting{${model}}`)).toBe(1)
    expect(samples.get(`pentimento_queue_jobs{${model}}`)).toBe(1)
    expect(samples.get(`pentimento_workers{${model}}`)).toBe(1)
    expect(samples.get('pentimento_worker_states{state="ready",device="cpu"}')).toBe(1)
    expect(samples.get('pentimento_requests_refused_total{code="queue_full"}')).toBe(0)
    expect(samples.get(`pentimento_queue_oldest_wait_seconds{${model}}`)).toBeGreaterThan(0)
    const route = 'method="GET",route="/v1/jobs/:id",status="200"'
    expect(samples.get(`pentimento_http_request_seconds_count{${route}}`)).toBe(1)
    expect([...samples.keys()].some((name) => name.includes(id))).toBe(false)
  })

  it('are served on a port of their own', async () => {
    const { server, url } = await serve()
    const answer = await fetch(`${url}/metrics`)
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/)
    expect(await answer.text()).toContain('# TYPE pentimento_http_request_seconds histogram')
    expect((await fetch(`${url}/`)).status).toBe(404)
    server.close()
  })

  it('tell an autoscaler the backlog of the models that it names', async () => {
    const { server, url } = await serve()
    const backlog = async (query: string) => {
      const answer = await fetch(`${url}/backlog${query}`)
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const [told] = await service.state.queue.depths(['test-model'])
    expect(await backlog('?model=test-model')).toEqual({
      status: 200,
      body: {
        models: ['test-model'],
        seconds: expect.closeTo(told?.backlogSeconds ?? -1),
        waiting: 1,
        running: 0,
        workers: 1,
        oldest_wait_seconds: expect.any(Number),
      },
    })
    expect(told?.backlogSeconds).toBeGreaterThan(0)
    expect(await backlog('?model=test-model&model=nobodys')).toEqual({
      status: 404,
      body: { error: 'no worker has ever announced nobodys' },
    })
    expect((await backlog('')).status).toBe(400)
    server.close()
  })
})
