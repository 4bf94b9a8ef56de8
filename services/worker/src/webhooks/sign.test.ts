import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { signedHeaders } from './sign.ts'

const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`
const now = () => Math.floor(Date.now() / 1000)

it('is what the reference library verifies, whatever the body', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 24, maxLength: 64 }),
      fc.string({ unit: 'grapheme' }),
      fc.uuid(),
      (key, text, id) => {
        const body = JSON.stringify({ text })
        const headers = signedHeaders([secretOf(key)], id, now(), body)
        expect(new Webhook(secretOf(key)).verify(body, headers)).toEqual({ text })
        expect(() => new Webhook(secretOf(key)).verify(`${body} `, headers)).toThrow('No matching signature')
      },
    ),
  )
})

it('is verified by the old and by the new secret during a rotation', () => {
  const secrets = [secretOf(randomBytes(32)), secretOf(randomBytes(32))]
  const headers = signedHeaders(secrets, 'evt_1', now(), '{}')
  for (const secret of secrets) expect(new Webhook(secret).verify('{}', headers)).toEqual({})
  expect(() => new Webhook(secretOf(randomBytes(32))).verify('{}', headers)).toThrow('No matching signature')
})
