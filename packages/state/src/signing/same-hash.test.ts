import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterAll, expect, it, vi } from 'vitest'
import { sameHash } from './same-hash.ts'

// Who imports it by name gets what it is now only when the names are made anew.
const timingSafeEqual = vi.spyOn(crypto, 'timingSafeEqual')
syncBuiltinESMExports()
afterAll(() => {
  timingSafeEqual.mockRestore()
  syncBuiltinESMExports()
})

it('compares hashes whole, in constant time, wherever they differ', () => {
  const hash = crypto.randomBytes(32).toString('base64url')
  const others = [0, 21, 42].map((i) => hash.slice(0, i) + (hash[i] === 'A' ? 'B' : 'A') + hash.slice(i + 1))
  expect(sameHash(hash, hash)).toBe(true)
  for (const other of others) expect(sameHash(hash, other)).toBe(false)
  const compared = timingSafeEqual.mock.calls.map((pair) => pair.map(String))
  expect(compared).toEqual([hash, ...others].map((other) => [hash, other]))
  expect(sameHash(hash, hash.slice(1))).toBe(false)
})
