import { readFileSync } from 'node:fs'
import { encode } from '@pentimento/images'
import type { Consumer } from '@pentimento/state'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startConsumer } from '../../testing/consumer.ts'
import { startService, type TestService } from '../../testing/service.ts'

interface Call {
  method: string
  path: string
  body?: unknown
  type?: string
  authorization?: string
  status?: number
  reads?: string[]
  pictures?: number
  kind?: string
  parameters?: object
}

let service: TestService
let consumer: Consumer
const pictures: Record<string, string> = {}
/** The answer before. */
let last = ''

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  consumer = await startConsumer(service)
  for (const [name, value] of [
    ['PICTURE', 90],
    ['MASK', 255],
  ] as const) {
    const data = new Uint8Array(64 * 64 * 3).fill(value)
    pictures[name] = (
      await encode({ width: 64, height: 64, data }, { format: 'png', quality: null, metadata: null })
    ).toString('base64')
  }
})

afterAll(async () => {
  await consumer.shutdown()
  await service.close()
})

async function send({ method, path, body, type = 'application/json', authorization }: Call) {
  const text = typeof body === 'string' ? body.replace('LAST', () => last) : JSON.stringify(body)
  const filled = text?.replace(/PICTURE|MASK|NEWEST/g, (name) => pictures[name] ?? '')
  const headers = {
    ...(filled !== undefined && { 'content-type': type }),
    ...(authorization !== undefined && { authorization }),
  }
  const answer = await fetch(`${service.url}${path}`, {
    method,
    headers,
    ...(filled !== undefined && { body: filled }),
  })
  last = await answer.text()
  return { status: answer.status, body: JSON.parse(last) as { images?: string[]; info?: string } | null }
}

/** What stands at a path of dots; behind a bar, in the JSON of a text. */
function lookUp(value: unknown, path: string): unknown {
  const [first = '', inside] = path.split('|')
  const found = first.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], value)
  return inside === undefined ? found : lookUp(JSON.parse(String(found)), inside)
}

const calls = JSON.parse(readFileSync(new URL('fixtures/calls.json', import.meta.url), 'utf8'))
const { note: _note, ...clients } = calls as { note: string } & Record<string, Call[]>

describe.each(Object.entries(clients))('%s', (_, sequence) => {
  it('finds what it asks for, call after call', async () => {
    for (const call of sequence) {
      const what = `${call.method} ${call.path}`
      const { status, body } = await send(call)
      expect(status, `${what}: ${JSON.stringify(body)?.slice(0, 300)}`).toBe(call.status ?? 200)
      for (const path of call.reads ?? []) expect(lookUp(body, path), `${what}: ${path}`).toBeDefined()
      if (call.pictures !== undefined) expect(body?.images).toHaveLength(call.pictures)
      if (body?.images?.[0]) pictures.NEWEST = body.images[0]
      if (call.kind === undefined) continue
      const { data } = (await (await fetch(`${service.url}/v1/jobs?limit=1`)).json()) as { data: object[] }
      expect(data[0]).toMatchObject({ kind: call.kind, metadata: { via: 'a1111' }, parameters: call.parameters ?? {} })
    }
  })
})
