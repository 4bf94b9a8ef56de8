import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decrypt, encrypt, newWebhookSecret, parseSecretsKey, SecretsKeyInvalid } from './secrets.ts'

const key = randomBytes(32)

test('a secret comes back only with its key, its owner and every byte', () => {
  const secret = newWebhookSecret()
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const encrypted = encrypt(key, 'acme', secret)
  expect(encrypted).not.toContain(secret.slice(6, 20))
  expect(encrypt(key, 'acme', secret)).not.toBe(encrypted)
  expect(decrypt(key, 'acme', encrypted)).toBe(secret)
  expect(() => decrypt(randomBytes(32), 'acme', encrypted)).toThrow()
  expect(() => decrypt(key, 'other', encrypted)).toThrow()
  const bytes = Buffer.from(encrypted, 'base64')
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes)
    changed[i] = (changed[i] ?? 0) ^ 1
    expect(() => decrypt(key, 'acme', changed.toString('base64'))).toThrow()
  }
})

test('a key of another length is refused with a hint', () => {
  expect(parseSecretsKey(key.toString('base64'))).toEqual(key)
  for (const wrong of [undefined, '', 'abc', randomBytes(16).toString('base64')]) {
    expect(() => parseSecretsKey(wrong)).toThrow(SecretsKeyInvalid)
  }
})
