import { expect, it } from 'vitest'
import { hashToken, isKeyId, newToken, tokenId } from './api-keys.ts'

it('makes tokens of 256 random bits, of which the hash tells nothing', () => {
  const made = Array.from({ length: 200 }, newToken)
  expect(new Set(made.map(({ token }) => token.slice(-43))).size).toBe(made.length)
  for (const { id, token, hash } of made) {
    expect(token).toMatch(/^pmt_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/)
    expect(Buffer.from(token.slice(-43), 'base64url')).toHaveLength(32)
    expect([tokenId(token), isKeyId(id), hashToken(token)]).toEqual([id, true, hash])
    expect(Buffer.from(hash, 'base64url')).toHaveLength(32)
    expect(hash).not.toContain(token.slice(-8))
  }
})
