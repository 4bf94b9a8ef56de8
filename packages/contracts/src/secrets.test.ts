import { describe, expect, it } from 'vitest'
import { lineWithoutSecrets, withoutSecrets } from './secrets.ts'

const id = 'abcdefgh2345'
const random = 'Zk3_Qw-9RtYuIoPaSdFgHjKlZxCvBnMq1W2e3R4t5Y6'
const key = `pmt_${id}_${random}`
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYq='

const percent = (text: string, digits = (hex: string) => hex) =>
  Array.from(text, (letter) => `%${digits(letter.charCodeAt(0).toString(16))}`).join('')
const again = (text: string) => text.replaceAll('%', '%25')
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Every way to write a text that a reader, or a program of theirs, could turn back. */
const encodings: Record<string, (text: string) => string> = {
  plain: (text) => text,
  'upper case': (text) => text.toUpperCase(),
  'underscores escaped': (text) => text.replaceAll('_', '%5F'),
  'underscores escaped, lower case': (text) => text.replaceAll('_', '%5f'),
  'one letter escaped': (text) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`,
  percent,
  'percent, upper case': (text) => percent(text, (hex) => hex.toUpperCase()),
  'percent, twice': (text) => again(percent(text)),
  'percent, seven times': (text) => [1, 2, 3, 4, 5, 6].reduce(again, percent(text)),
  'percent, its own digits escaped': (text) => percent(percent(text)),
  'percent, as JavaScript once had it': (text) => text.replaceAll('_', '%u005f'),
  JSON: (text) => text.replaceAll('_', '\\u005f'),
  'JSON in JSON': (text) => JSON.stringify(text.replaceAll('_', '\\u005F')),
  'a program': (text) => text.replaceAll('_', '\\x5f'),
  HTML: (text) => text.replaceAll('_', '&#95;'),
  'HTML, hexadecimal': (text) => text.replaceAll('_', '&#x5F;'),
  base64,
  'base64 without padding, as in a URL': (text) => Buffer.from(text).toString('base64url'),
  'base64 of Basic, of a user': (text) => base64(`u:${text}`),
  'base64 of Basic, of another': (text) => base64(`me:${text}`),
  'base64 in a path': (text) => `v1/jobs/${base64(text)}`,
  'base64, escaped': (text) => percent(base64(text)),
  'base64, twice': (text) => base64(base64(text)),
  'base64 of percent': (text) => base64(percent(text)),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'hexadecimal, upper case, with colons': (text) =>
    Buffer.from(text).toString('hex').toUpperCase().match(/../g)?.join(':') ?? '',
  'hexadecimal at an odd place': (text) => `a${Buffer.from(text).toString('hex')}`,
}

describe.each(Object.entries(encodings))('%s', (_, encode) => {
  it.each([
    ['a key', key],
    ['a secret', secret],
    ['most of a key', key.slice(0, 36)],
    ['most of a secret', secret.slice(0, 36)],
  ])('of %s goes wherever it stands, and what stands around it stays', (_name, text) => {
    const hidden = encode(text)
    for (const around of [
      (s: string) => s,
      (s: string) => `/a/${s}?b=1`,
      (s: string) => `https://h/?key=${s}&b=1`,
      (s: string) => `say "${s}" x`,
    ]) {
      const cleaned = withoutSecrets(around(hidden))
      expect(cleaned).not.toContain(hidden)
      expect(cleaned).toContain('…')
      // What is left tells of no part of it either.
      for (let at = 0; at + 12 <= hidden.length; at += 4)
        if (!'pmt_abcdefgh2345_'.includes(hidden.slice(at, at + 12)))
          expect(cleaned).not.toContain(hidden.slice(at, at + 12))
    }
    const line = JSON.stringify({
      level: 30,
      [hidden]: 1,
      req: { url: `/x/${hidden}`, list: [hidden, 5, null] },
      msg: 'kept',
    })
    const cleaned = lineWithoutSecrets(`${line}\n`)
    expect(JSON.parse(cleaned)).toMatchObject({ level: 30, msg: 'kept' })
    expect(cleaned.endsWith('}\n')).toBe(true)
    expect(cleaned).not.toContain(hidden)
  })
})

it('keeps the public part of a key, and what looks like none', () => {
  expect(withoutSecrets(`GET /nowhere/${key}?x=1`)).toBe(`GET /nowhere/pmt_${id}_…?x=1`)
  expect(withoutSecrets(`${key} ${secret}`)).toBe(`pmt_${id}_… whsec_…`)
  for (const text of [
    `pmt_${id}_…  acme  read`,
    'send a valid key as "Authorization: Bearer pmt_…"',
    '/v1/jobs/job_aaaaaaaaaaaaaaaaaaaaaaaaaa/events?previews=2&x=%20',
    `sha256 ${'0af7651916cd43dd'.repeat(4)}`,
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'Error: no\\n    at open (file:///srv/pentimento/services/api/src/a/very/long/path/to/a/file-of-a-module.ts:12:34)',
    'a caf%C3%A9 & 100% = \\u00e9',
  ])
    expect(withoutSecrets(text)).toBe(text)
})

it('takes no time with what is made to take some', () => {
  const began = performance.now()
  for (const text of [
    '%25'.repeat(20_000),
    '\\'.repeat(60_000),
    'a'.repeat(60_000),
    '0'.repeat(60_000),
    '&#0'.repeat(20_000),
    base64(base64(base64('%'.repeat(20_000)))),
  ])
    withoutSecrets(`pmt_ ${text}`)
  expect(performance.now() - began).toBeLessThan(1000)
})
