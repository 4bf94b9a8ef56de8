import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { createLog } from './log.ts'
import { startService, type TestService } from './testing/service.ts'

const lines: string[] = []
let service: TestService

beforeAll(async () => {
  const log = createLog('trace', { service: 'api' }, { write: (line) => void lines.push(line) })
  service = await startService(inject('redisUrl'), { auth: 'keys', log, corsOrigins: ['https://a.example'] })
})

afterAll(() => service.close())

const random = 'Zk3_Qw-9RtYuIoPaSdFgHjKlZxCvBnMq1W2e3R4t5Y6'
const key = `pmt_abcdefgh2345_${random}`
const percent = (text: string) => Array.from(text, (letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')
/** Written in ways that a reader of a log could turn back. */
const forms: Record<string, string> = {
  plain: key,
  'a webhook secret': `whsec_${Buffer.from(random).toString('base64')}`,
  'one letter escaped': `%70${key.slice(1)}`,
  'underscores escaped': key.replaceAll('_', '%5F'),
  escaped: percent(key),
  'escaped twice': percent(key).replaceAll('%', '%25'),
  'in upper case': percent(key).toUpperCase(),
  'as in Basic': Buffer.from(`me:${key}`).toString('base64'),
  'as in a URL': Buffer.from(key).toString('base64url'),
  hexadecimal: Buffer.from(key).toString('hex'),
}

it.each(Object.entries(forms))(
  'shows a key, %s, in no line and in no answer, wherever it was sent',
  async (_, hidden) => {
    lines.length = 0
    const { token } = await service.state.tenants.createKey({ tenant: 'forms', scopes: ['submit', 'read', 'admin'] })
    const authorization = `Bearer ${token}`
    await service.state.webhooks.rotateSecret('forms', 0)
    const json = { authorization, 'content-type': 'application/json' }
    const field = (name: string, value: string, more = '') =>
      `--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
    const form = { authorization, 'content-type': 'multipart/form-data; boundary=b' }
    const sent: [method: string, path: string, headers: Record<string, string>, body?: string][] = [
      ['GET', '/v1/models', { authorization: `Bearer ${hidden}` }],
      ['GET', '/v1/models', { authorization: `Basic ${hidden}` }],
      ['GET', '/livez', { host: hidden }],
      ['GET', '/livez', { host: `${hidden}.example:80` }],
      ...[
        'x-request-id',
        'user-agent',
        'referer',
        'origin',
        'cookie',
        'traceparent',
        'tracestate',
        'idempotency-key',
        'prefer',
        'last-event-id',
        'x-forwarded-for',
        'if-none-match',
        'range',
      ].map(
        (name) =>
          ['POST', '/v1/webhook-secret/rotates', { authorization, [name]: hidden }] as [
            string,
            string,
            Record<string, string>,
          ],
      ),
      [
        'OPTIONS',
        '/v1/models',
        {
          origin: 'https://a.example',
          'access-control-request-method': 'GET',
          'access-control-request-headers': hidden.replace(/[^\w-]/g, ''),
        },
      ],
      ['GET', `/${hidden}`, {}],
      ['GET', `/v1/jobs/${hidden}`, { authorization }],
      ['GET', `/v1/jobs/%E0%A4%A/${hidden}`, {}],
      ['GET', `/v1/jobs?key=${hidden}`, { authorization }],
      ['GET', `/v1/jobs?${hidden}=1`, { authorization }],
      ['GET', `/v1/jobs?cursor=${hidden}`, { authorization }],
      ['DELETE', `/v1/admin/keys/${hidden}`, { authorization }],
      ['GET', `http://me:${hidden}@h.example/v1/jobs`, { authorization }],
      ['POST', '/v1/webhooks/test', json, JSON.stringify({ [hidden]: 1 })],
      ['POST', '/v1/webhooks/test', json, JSON.stringify({ url: hidden })],
      ['POST', '/v1/webhooks/test', json, JSON.stringify({ url: `https://me:${hidden}@h.example/` })],
      ['POST', '/v1/webhooks/test', json, JSON.stringify({ url: `https://h.example/${hidden}?key=${hidden}` })],
      ['POST', '/v1/webhooks/test', json, `{"${hidden}`],
      ['POST', '/v1/admin/keys', json, JSON.stringify({ tenant: hidden, scopes: [hidden], limits: { [hidden]: 1 } })],
      ['POST', '/v1/img2img', { authorization, 'content-type': hidden }, 'x'],
      ['POST', '/v1/img2img', form, `${field(hidden, 'x')}--b--`],
      ['POST', '/v1/img2img', form, `${field(`${'x'.repeat(20)}${hidden}`, 'x', '; filename="x.png"')}--b--`],
      ['POST', '/v1/img2img', form, `${field('image', hidden, `; filename="${hidden}"`)}--b--`],
      ...[
        'prompt',
        'negative_prompt',
        'model',
        'sampler',
        'seed',
        'image_url',
        'image_job',
        'webhook_url',
        'metadata',
      ].map(
        (name) =>
          ['POST', '/v1/img2img', form, `${field('strength', '7')}${field(name, hidden)}--b--`] as [
            string,
            string,
            Record<string, string>,
            string,
          ],
      ),
      ...['image_url', 'webhook_url'].map(
        (name) =>
          [
            'POST',
            '/v1/img2img',
            form,
            `${field('prompt', 'x')}${field(name, `https://me:${hidden}@h.invalid/?key=${hidden}`)}--b--`,
          ] as [string, string, Record<string, string>, string],
      ),
    ]
    let answers = ''
    for (const [method, path, headers, body] of sent)
      answers += await exchange(service.url, method, path, headers, body)
    expect(answers).toContain('the URL cannot be read')
    expect(lines.length).toBeGreaterThan(sent.length)
    for (const [what, text] of Object.entries({ log: lines.join(''), answers })) {
      expect(text, what).not.toContain(hidden)
      // Field names are cut in answers: no part of it either, in whichever case.
      for (let at = 20; at + 16 <= hidden.length; at += 8)
        expect(text.toLowerCase(), `${what} at ${at}`).not.toContain(hidden.slice(at, at + 16).toLowerCase())
    }
  },
)

/** Everything that comes back for a request, written as it stands. */
async function exchange(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const all = { host: 'localhost', 'content-length': String(Buffer.byteLength(body)), connection: 'close', ...headers }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${body}`)
  return text(socket)
}
