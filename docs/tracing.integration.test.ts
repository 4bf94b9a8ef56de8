import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
} from '../packages/tracing/src/testing/otlp-receiver.ts'
import { type Stack, startStack } from '../services/cli/src/stack.ts'
import { stackConfig } from '../services/cli/src/testing/stack-config.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const callerSpan = 'b7ad6b7169203331'
const picture = fileURLToPath(new URL('../bench/fixtures/photo-512.png', import.meta.url))

let dir: string
let stack: Stack
let collector: OtlpReceiver
let receiver: Server
const delivered: IncomingHttpHeaders[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-tracing-'))
  collector = await startOtlpReceiver()
  receiver = createServer((request, response) => {
    delivered.push(request.headers)
    request.resume().on('end', () => response.writeHead(204).end())
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const config = await stackConfig(join(dir, 'data'), {
    MODELS: 'tiny-sd1',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    WEBHOOK_ALLOW_HTTP: 'on',
    OUTBOUND_ALLOW: '127.0.0.1',
  })
  stack = await startStack(config, { logLevel: 'error', signal: AbortSignal.timeout(60_000) })
}, 90_000)

afterAll(async () => {
  await stack?.stop()
  receiver?.close()
  await collector?.close()
  await rm(dir, { recursive: true, force: true })
})

describe('a job', () => {
  it('is one trace, from the request through queue, engine and webhook', async () => {
    await fetch(`${stack.url}/v1/webhook-secret/rotate`, { method: 'POST' })
    const form = new FormData()
    const fields = { prompt: 'private words', width: 64, height: 64, steps: 4, webhook_url: hookUrl() }
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value))
    form.append('image', new Blob([Uint8Array.from(await readFile(picture))]), 'in.png')
    const answer = await fetch(`${stack.url}/v1/img2img`, {
      method: 'POST',
      body: form,
      headers: { traceparent: `00-${traceId}-${callerSpan}-01`, prefer: 'wait=30' },
    })
    const job = (await answer.json()) as { id: string; status: string }
    expect(job.status).toBe('succeeded')

    const names = [
      'POST /v1/img2img',
      'submit',
      'queue',
      'attempt',
      'load',
      'encode',
      'denoise',
      'decode',
      'upload',
      'webhook',
    ]
    await expect
      .poll(
        () =>
          spans()
            .map(({ name }) => name)
            .sort(),
        { timeout: 15_000 },
      )
      .toEqual(names.toSorted())
    const parents = {
      'POST /v1/img2img': callerSpan,
      submit: spanOf('POST /v1/img2img').spanId,
      ...childrenOf('submit', ['queue', 'attempt', 'webhook']),
      ...childrenOf('attempt', ['load', 'encode', 'denoise', 'decode', 'upload']),
    }
    expect(Object.fromEntries(spans().map(({ name, parentSpanId }) => [name, parentSpanId]))).toEqual(parents)
    for (const { name, service, status, startMs, endMs } of spans()) {
      const ofApi = ['POST /v1/img2img', 'submit'].includes(name)
      expect([name, service, status]).toEqual([name, ofApi ? 'pentimento-api' : 'pentimento-worker', 0])
      expect(endMs).toBeGreaterThanOrEqual(startMs)
    }
    const [encode, denoise, decode] = [spanOf('encode'), spanOf('denoise'), spanOf('decode')]
    expect(denoise.startMs).toBeCloseTo(encode.endMs, 1)
    expect(decode.startMs).toBeCloseTo(denoise.endMs, 1)
    expect(spanOf('attempt').attributes).toMatchObject({ 'job.id': job.id, 'job.model': 'tiny-sd1', 'job.attempt': 1 })

    // The receiver can go on with the trace.
    expect(delivered.map(({ traceparent }) => traceparent)).toEqual([`00-${traceId}-${spanOf('webhook').spanId}-01`])
    expect(JSON.stringify(collector.spans)).not.toContain('private words')
  }, 60_000)

  it('has no span for probes', () => {
    expect(collector.spans.filter(({ name }) => /livez|readyz/.test(name))).toEqual([])
  })
})

const hookUrl = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
const spans = (): ReceivedSpan[] => collector.spans.filter((span) => span.traceId === traceId)

function spanOf(name: string): ReceivedSpan {
  const found = spans().find((span) => span.name === name)
  if (!found) throw new Error(`there is no span ${name}`)
  return found
}

function childrenOf(parent: string, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, spanOf(parent).spanId]))
}
