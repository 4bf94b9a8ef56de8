import { encode } from '@pentimento/images'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'jpeg', quality: 90, metadata: null })
})

afterAll(() => service.close())

type Part = [headers: string, body: string | Uint8Array]

/** Sends parts whose headers are as given, to the byte. */
function submit(parts: Part[], type = 'multipart/form-data; boundary=xyz') {
  const bytes = parts.flatMap(([headers, body]) => [
    Buffer.from(`--xyz\r\n${headers}\r\n\r\n`, 'latin1'),
    Buffer.from(body as string),
    Buffer.from('\r\n'),
  ])
  const body = new Uint8Array(Buffer.concat([...bytes, Buffer.from('--xyz--\r\n')]))
  return request(`${service.url}/v1/img2img`, { method: 'POST', body, headers: { 'content-type': type } })
}

const text = (name: string, value: string | Uint8Array, more = ''): Part => [
  `Content-Disposition: form-data; name="${name}"${more}`,
  value,
]
const prompt = text('prompt', 'p')
const image = (): Part => ['Content-Disposition: form-data; name="image"; filename="a.jpg"', picture]

describe('a part under the name of a file', () => {
  it.each([
    ['no filename', 'Content-Disposition: form-data; name="image"\r\nContent-Type: image/jpeg'],
    ['no header but its name', 'Content-Disposition: form-data; name="image"'],
    ['an empty filename', 'Content-Disposition: form-data; name="image"; filename=""\r\nContent-Type: image/jpeg'],
    ['an encoded filename alone', `Content-Disposition: form-data; name="image"; filename*=UTF-8''caf%C3%A9.jpg`],
    ['a filename in Latin-1', 'Content-Disposition: form-data; name="image"; filename="caf\xe9.jpg"'],
    ['a type of text', 'Content-Disposition: form-data; name="image"\r\nContent-Type: text/plain; charset=utf-8'],
    ['names without quotes', 'content-disposition: form-data; name=image; filename=a.jpg'],
  ])('is a file with %s', async (_, headers) => {
    const { status } = await submit([prompt, [headers, picture]])
    expect(status).toBe(202)
  })

  it.each(['photo.png', 'https://example.com/photo.png', 'data:image/png;base64,iVBORw0KGgo='.padEnd(30_000, 'A')])(
    'is told what to do when it is text: %.20s',
    async (value) => {
      const { status, body } = await submit([prompt, text('image', value)])
      expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, 'invalid_fields', '/image'])
      expect(body.detail).toContain('-F image=@picture.png, or its address as image_url')
    },
  )

  it('counts as not sent when a browser sends it for a file that was not chosen', async () => {
    const headers =
      'Content-Disposition: form-data; name="image"; filename=""\r\nContent-Type: application/octet-stream'
    expect((await submit([prompt, [headers, '']])).body.code).toBe('image_required')
  })

  it('is a picture or none when it is empty under a name', async () => {
    const { body } = await submit([prompt, text('image', '', '; filename="a.png"')])
    expect(body.code).toBe('invalid_image')
  })
})

it.each([
  ['no name', ['Content-Disposition: form-data', 'x']],
  ['no disposition', ['Content-Type: text/plain', 'x']],
  ['another disposition', ['Content-Disposition: attachment; filename="a"', 'x']],
] as [string, Part][])('a part with %s is refused, not dropped', async (_, part) => {
  const { status, body } = await submit([prompt, part])
  expect([status, body.code]).toEqual([400, 'invalid_multipart'])
})

describe('text', () => {
  const shown = async (part: Part, type?: string) => (await submit([part, image()], type)).body.parameters?.prompt

  it('is UTF-8, with or without a byte order mark', async () => {
    expect(await shown(text('prompt', 'a café, 日本 🍓'))).toBe('a café, 日本 🍓')
    expect(await shown(text('prompt', '\ufeffa café'))).toBe('a café')
  })

  it.each([
    ['windows-1252', Buffer.from('a caf\xe9 \x80', 'latin1'), 'a café €'],
    ['gbk', Buffer.from([0xc3, 0xa8]), '猫'],
    ['Shift_JIS', Buffer.from([0x94, 0x4c]), '猫'],
    ['utf-16le', Buffer.from('猫', 'utf16le'), '猫'],
    ['"UTF-8"', Buffer.from('猫'), '猫'],
  ])('is decoded from the charset that its part declares: %s', async (charset, bytes, expected) => {
    expect(await shown(text('prompt', bytes, `\r\nContent-Type: text/plain; charset=${charset}`))).toBe(expected)
  })

  it('is decoded from the charset that the form declares', async () => {
    const type = 'multipart/form-data; charset=gbk; boundary=xyz'
    expect(await shown(text('prompt', Buffer.from([0xc3, 0xa8])), type)).toBe('猫')
  })

  it('is refused where its bytes are none, by its field, with what to do', async () => {
    const latin = await submit([text('prompt', Buffer.from('a caf\xe9', 'latin1')), image()])
    expect([latin.status, latin.body.code, latin.body.errors]).toEqual([
      400,
      'invalid_multipart',
      [
        {
          pointer: '/prompt',
          detail:
            '"prompt" is not valid UTF-8: send UTF-8, or declare the charset in its Content-Type, as in "charset=windows-1252"',
        },
      ],
    ])
    const unknown = await submit([text('prompt', 'x', '\r\nContent-Type: text/plain; charset=utf-7'), image()])
    expect([unknown.status, unknown.body.detail]).toEqual([
      415,
      '"prompt" is in the charset "utf-7", which is not known: send UTF-8',
    ])
    const name = await submit([['Content-Disposition: form-data; name="pr\xf6mpt"', 'x'], image()])
    expect([name.status, name.body.code]).toEqual([400, 'invalid_multipart'])
  })

  it('sent as a file is told to come without a filename', async () => {
    const { status, body } = await submit([text('prompt', 'p', '; filename="prompt.txt"'), image()])
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/prompt'])
    expect(body.detail).toContain('send text without a filename')
  })
})

describe('metadata', () => {
  it('comes back as it was sent', async () => {
    const metadata = '{"id":"175928847299117063","n":9007199254740991,"x":[1.5,null,{"é":"\\ud800"}],"":{}}'
    const { body } = await submit([prompt, image(), text('metadata', metadata)])
    expect(body.metadata).toEqual(JSON.parse(metadata))
    const job = await request(`${service.url}/v1/jobs/${body.id}`)
    expect(job.body.metadata).toEqual(JSON.parse(metadata))
  })

  it.each([
    [
      '{"discord_user":175928847299117063}',
      'the number 175928847299117063 cannot be kept exactly: send it as a string',
    ],
    ['{"a":1,"a":2}', 'the name "a" stands twice in one object'],
    ['{"a":{"__proto__":1}}', 'a member cannot be called __proto__'],
  ])('is refused where it would not: %s', async (metadata, detail) => {
    const { status, body } = await submit([prompt, image(), text('metadata', metadata)])
    expect([status, body.errors]).toEqual([422, [{ pointer: '/metadata', detail }]])
  })
})

describe('a body of JSON', () => {
  const test = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
    request(`${service.url}/v1/webhooks/test`, { method: 'POST', body, headers: { 'content-type': type } })

  it.each([
    ['bytes that are no text', Uint8Array.from([0x7b, 0x22, 0xe9, 0x22, 0x7d]), 'the body is not valid UTF-8'],
    [
      'a name that stands twice',
      '{"url":"https://a.example","url":"https://b.example"}',
      'the name "url" stands twice',
    ],
    ['a number that would be rounded', '{"url":1e400}', 'the number 1e400 cannot be kept exactly'],
    ['nothing', '', 'the body is empty; send JSON'],
    ['what is no JSON', '{', 'the body is not valid JSON'],
  ])('is refused with %s', async (_, body, detail) => {
    const answer = await test(body)
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
    expect(answer.body.detail).toContain(detail)
  })

  it('is decoded from the charset that it declares, or refused by its name', async () => {
    const accepted = await test('{"url":1}', 'application/json; charset=windows-1252')
    expect([accepted.status, accepted.body.errors?.[0]?.pointer]).toEqual([422, '/url'])
    expect((await test('{}', 'application/json; charset=utf-7')).status).toBe(415)
  })
})
