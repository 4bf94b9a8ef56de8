import type { State } from '@pentimento/state'
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { App } from '../deps.ts'
import { createMetrics } from '../metrics.ts'
import { registerErrors } from './errors.ts'
import { registerJsonBody } from './json-body.ts'

let app: App
let url: string

beforeAll(async () => {
  app = Fastify().withTypeProvider()
  registerErrors(app, { metrics: createMetrics({} as State) })
  registerJsonBody(app)
  app.post('/echo', async ({ body, headers }, reply) => {
    const answer = headers['content-type']?.includes('deep') ? 'read' : body
    return reply.type('application/json').send(JSON.stringify(answer))
  })
  url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/echo`
})

afterAll(() => app.close())

async function send(body: string | Uint8Array<ArrayBuffer>, type = 'application/json') {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } })
  return { status: answer.status, body: await answer.json() }
}

const latin = Uint8Array.from(Buffer.from('{"a":"caf\u00e9"}', 'latin1'))

it('takes JSON in UTF-8, with or without a mark, or in the charset that it declares', async () => {
  for (const mark of ['', '\ufeff'])
    expect(await send(`${mark}{"a":"café 猫"}`)).toEqual({ status: 200, body: { a: 'café 猫' } })
  for (const type of ['application/json; charset=latin1', 'application/json;charset="ISO-8859-1"'])
    expect(await send(latin, type)).toEqual({ status: 200, body: { a: 'café' } })
  const wide = Uint8Array.from(Buffer.from('{"a":"猫"}', 'utf16le'))
  expect(await send(wide, 'application/json; charset=utf-16')).toEqual({ status: 200, body: { a: '猫' } })
})

it.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
  ['bytes that are not UTF-8', latin, /^the body is not valid UTF-8: send UTF-8/],
  ['no JSON', '{"a":1', /^the body is not valid JSON$/],
  ['JSON and more', '{} {}', /not valid JSON/],
  ['nothing', '', /^the body is empty; send JSON$/],
  ['a number too long', '{"a":[175928847299117063]}', /the number 175928847299117063 cannot be kept exactly/],
  ['a number too large', '{"a":1e400}', /the number 1e400 cannot be kept/],
  ['a name twice', '{"url":"x","url":"y"}', /the name "url" stands twice in one object/],
  ['a prototype', '{"__proto__":{"a":1}}', /__proto__/],
])('refuses %s', async (_, sent, detail) => {
  const { status, body } = await send(sent)
  expect([status, body]).toMatchObject([400, { code: 'invalid_request', detail: expect.stringMatching(detail) }])
})

it('refuses a charset that nobody knows', async () => {
  const { status, body } = await send('{}', 'application/json; charset=utf-7')
  expect([status, body]).toMatchObject([
    415,
    { code: 'unsupported_media_type', detail: 'the body is in the charset "utf-7", which is not known: send UTF-8' },
  ])
})

it.each([
  ['[', ']'],
  ['{"a":', '}'],
])('reads any depth: %s', async (open, close) => {
  const { status, body } = await send(`${open.repeat(10_000)}1${close.repeat(10_000)}`, 'application/json; deep=1')
  expect([status, body]).toEqual([200, 'read'])
})
