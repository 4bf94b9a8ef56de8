import { createHash, randomBytes } from 'node:crypto'

/** Public part of a key: safe in logs, and enough to find its record. */
const idPattern = /^[a-z2-7]{12}$/
const tokenPattern = /^pmt_([a-z2-7]{12})_([A-Za-z0-9_-]{43})$/
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

interface NewToken {
  id: string
  token: string
  hash: string
}

/** `pmt_{id}_{256 random bits}`. So much randomness needs no slow hash. */
export function newToken(): NewToken {
  const id = Array.from(randomBytes(12), (byte) => alphabet[byte % 32]).join('')
  const token = `pmt_${id}_${randomBytes(32).toString('base64url')}`
  return { id, token, hash: hashToken(token) }
}

/** The id of something that looks like a token; null for anything else. */
export function tokenId(token: string): string | null {
  return tokenPattern.exec(token)?.[1] ?? null
}

export function isKeyId(text: string): boolean {
  return idPattern.test(text)
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
