import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterAll, expect, it, vi } from 'vitest'
import { hashToken, isKeyId, newToken, sameHash, tokenId } from './api-keys.ts'

// Who imports it by name gets what it is now only when the names are made anew.
const timingSafeEqual = vi.spyOn(crypto, 'timingSafeEqual')
syncBuiltinESMExports()
afterAll(() => {
  timingSafeEqual.mockRestore()
  syncBuiltinESMExports()
})

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

it('compares hashes whole, in constant time, wherever they differ', () => {
  const { hash } = newToken()
  const others = [0, 21, 42].map((i) => hash.slice(0, i) + (hash[i] === 'A' ? 'B' : 'A') + hash.slice(i + 1))
  expect(sameHash(hash, hash)).toBe(true)
  for (const other of others) expect(sameHash(hash, other)).toBe(false)
  const compared = timingSafeEqual.mock.calls.map((pair) => pair.map(String))
  expect(compared).toEqual([hash, ...others].map((other) => [hash, other]))
  expect(sameHash(hash, hash.slice(1))).toBe(false)
})
