import { once } from 'node:events'
import { connect } from 'node:net'
import { limits } from '@pentimento/contracts'
import type { State } from '@pentimento/state'
import fc from 'fast-check'
import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../deps.ts'
import { createMetrics } from '../metrics.ts'
import { formOnly, readForm } from '../submit/form-route.ts'
import { registerErrors } from './errors.ts'
import { formBytes } from './multipart.ts'
import { createTurns } from './turns.ts'
import { createUploadBudget } from './upload-budget.ts'

let app: App
let url: string
const files = ['image', 'mask']

beforeAll(async () => {
  app = Fastify().withTypeProvider()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  registerErrors(app, { metrics: createMetrics({} as State) })
  app.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null))
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request) => {
    request.caller = { tenant: 'default', keyId: null, scopes: ['submit'], limits: {}, signedUntil: null }
  })
  app.post(
    '/form',
    {
      onRequest: formOnly(files),
      preValidation: readForm(files, { uploads: createUploadBudget(1e9), forms: createTurns({ places: 10 }) }),
    },
    async ({ form: { fields, files } }) => ({
      ...fields,
      ...Object.fromEntries(files.map(({ name, bytes }) => [name, bytes.length])),
    }),
  )
  url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/form`
})

afterAll(() => app.close())

async function send(body: FormData | string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { method: 'POST', body, headers })
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() }
}

function form(entries: [string, string | Blob][]): FormData {
  const data = new FormData()
  for (const [name, value] of entries) data.append(name, value)
  return data
}

describe('a form', () => {
  it('becomes fields and files', async () => {
    const { status, body } = await send(
      form([
        ['prompt', 'a cat, ünïcode 日本'],
        ['image', new Blob(['12345'])],
      ]),
    )
    expect([status, body]).toEqual([200, { prompt: 'a cat, ünïcode 日本', image: 5 }])
  })

  it.each<[string, [string, string | Blob][], number, string]>([
    [
      'a field sent twice',
      [
        ['a', '1'],
        ['a', '2'],
      ],
      400,
      'duplicate_field',
    ],
    [
      'a file sent twice',
      [
        ['image', new Blob(['1'])],
        ['image', new Blob(['2'])],
      ],
      400,
      'duplicate_field',
    ],
    ['a file that is none', [['prompt', new Blob(['1'])]], 400, 'invalid_multipart'],
    ['a field that is too long', [['prompt', 'x'.repeat(20_000)]], 413, 'payload_too_large'],
    ['too many fields', Array.from({ length: 120 }, (_, i) => [`f${i}`, '1']), 413, 'payload_too_large'],
    ['a field with a forbidden name', [['__proto__', '1']], 400, 'invalid_multipart'],
    ['another one', [['constructor', '1']], 400, 'invalid_multipart'],
  ])('is refused with %s', async (_, entries, status, code) => {
    const answer = await send(form(entries))
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { code, status } })
  })

  it('names the field that is wrong', async () => {
    const file = new Blob(['1'])
    const names = (pointer: string) => ({ body: { errors: [{ pointer }] } })
    expect(await send(form([...files, 'image'].map((name) => [name, file])))).toMatchObject(names('/image'))
    expect(await send(form([...files, 'a/b'].map((name) => [name, file])))).toMatchObject(names('/a~1b'))
    expect(await send(form([['prompt', 'x'.repeat(20_000)]]))).toMatchObject(names('/prompt'))
  })

  it('is refused when a file is too large, and the client gets to read why', async () => {
    const answer = await send(form([['image', new Blob([new Uint8Array(limits.imageBytes + 1)])]]))
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large', errors: [{ pointer: '/image' }] } })
  })

  it('is not taken compressed', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=abc', 'content-encoding': 'gzip' }
    expect(await send('x', headers)).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  })

  it.each(['text/plain', 'application/xml', 'image/png'])('must be one: %s', async (type) => {
    expect(await send('{}', { 'content-type': type })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    })
  })

  it.each(['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=abc'])(
    'must have parts behind its boundary: %s',
    async (type) => {
      const answer = await send('no parts here', { 'content-type': type })
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_multipart' } })
    },
  )
})

describe('a form of any size', () => {
  /**
   * Writes a body of `bytes` bytes that no part limit sees, as a chunked request without a Content-Length, or with one.
   */
  async function flood(head: string, bytes: number, wrap: (chunk: Buffer) => Buffer): Promise<string> {
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('error', () => {})
    const closed = once(socket, 'close')
    socket.write(head)
    const chunk = wrap(Buffer.alloc(64 * 1024, 'x'))
    for (let sent = 0; sent < bytes && answer === '' && !socket.destroyed; sent += 64 * 1024) {
      if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
    }
    if (answer === '') await Promise.race([once(socket, 'data'), closed])
    socket.destroy()
    return answer
  }

  const head = `POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=abc\r\n`

  it('is refused before it is read when it says that it is too large', async () => {
    const answer = await flood(`${head}Content-Length: ${formBytes(2) + 1}\r\n\r\n`, 1, (chunk) => chunk)
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*payload_too_large/)
  })

  it('is refused while it is read when it does not say so: bytes outside of every part count too', async () => {
    const chunked = (chunk: Buffer) => Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')])
    const answer = await flood(`${head}Transfer-Encoding: chunked\r\n\r\n`, formBytes(2) * 1.5, chunked)
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*payload_too_large/)
  })
})

describe('any bytes', () => {
  const boundary = 'xyz'
  const type = `multipart/form-data; boundary=${boundary}`
  const part = (head: string, body: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`
  const valid = Buffer.from(
    `${part('name="prompt"', 'a cat')}${part('name="seed"', '5')}${part('name="image"; filename="a.png"', 'PNG…')}--${boundary}--\r\n`,
  )

  it('get an answer: mutated, cut and shuffled forms', async () => {
    const change = fc.record({
      at: fc.nat(valid.length - 1),
      remove: fc.nat(12),
      insert: fc.uint8Array({ maxLength: 12 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        let body: Buffer = valid
        for (const { at, remove, insert } of changes) {
          body = Buffer.concat([body.subarray(0, at), insert, body.subarray(at + remove)])
        }
        const answer = await send(new Uint8Array(body), { 'content-type': type })
        expect(answer.status).toBeLessThan(500)
        if (answer.status !== 200) expect(answer.type).toBe('application/problem+json')
      }),
      { numRuns: 300 },
    )
  })
})
