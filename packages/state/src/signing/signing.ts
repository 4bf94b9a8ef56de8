import { createHmac } from 'node:crypto'
import { sameHash } from './same-hash.ts'

/** `pmt_{id of the key}_{epoch seconds}_{HMAC-SHA256}`: all that keeps keys out of logs keeps these out, too. */
const pattern = /^pmt_([a-z2-7]{12})_(\d{1,11})_([A-Za-z0-9_-]{43})$/

/** Lets others read in a key's name. */
export interface Signer {
  /** Epoch milliseconds at which what it signs ends. */
  until: number
  /** What opens a path below PUBLIC_URL, as its query parameter `token`. */
  sign(path: string): string
}

export interface Signing<Key> {
  /**
   * Signs paths for whoever shall read them without the key, until `untilMs` (about `signedUrlMs` from now), or until
   * the key ends if that is sooner. Null for a key that is unknown, has ended or may not read.
   */
  signer(keyId: string, untilMs?: number): Promise<Signer | null>
  /** The key that signed for one of these paths, and until when; null for any other text. Answers may be 5 s old. */
  opened(signature: string, paths: readonly string[]): Promise<{ key: Key; until: number } | null>
}

interface SigningKey {
  tenant: string
  scopes: readonly string[]
  expiresAt: number | null
}

interface SigningOptions<Key> {
  /** A key that holds now, with the hash of its token; null for any other. */
  keyOf(id: string): Promise<{ key: Key; hash: string } | null>
  /** Of the deployment; without it whoever reads Redis can sign. */
  secret: string
  lifeMs: number
}

/**
 * Signatures that let whoever has them read one path until a time, on behalf of a key. Nothing is kept of them: a key
 * signs with what is kept of itself, so that they end with it, and one tenant's key signs for no other tenant.
 */
export function signing<Key extends SigningKey>({ keyOf, secret, lifeMs }: SigningOptions<Key>): Signing<Key> {
  const macOf = ({ key: { tenant }, hash }: { key: Key; hash: string }, seconds: number, path: string) => {
    const own = createHmac('sha256', secret).update(hash).digest()
    return createHmac('sha256', own).update(`${tenant}\n${seconds}\n${path}`).digest('base64url')
  }

  return {
    async signer(id, untilMs = endOfLife(lifeMs)) {
      const known = await keyOf(id)
      if (!known?.key.scopes.includes('read')) return null
      const seconds = Math.floor(Math.min(untilMs, known.key.expiresAt ?? Infinity) / 1000)
      const sign = (path: string) => `pmt_${id}_${seconds}_${macOf(known, seconds, path)}`
      return { until: seconds * 1000, sign }
    },

    async opened(signature, paths) {
      const [, id = '', seconds = '', mac = ''] = pattern.exec(signature) ?? []
      const until = Number(seconds) * 1000
      const known = until > Date.now() ? await keyOf(id) : null
      if (!known?.key.scopes.includes('read')) return null
      const fits = paths.some((path) => sameHash(macOf(known, Number(seconds), path), mac))
      return fits ? { key: known.key, until } : null
    },
  }
}

/** The same for all that is signed within a quarter of the life, so that a page that asks again keeps its pictures. */
function endOfLife(lifeMs: number): number {
  const quarter = lifeMs / 4
  return Math.floor(Date.now() / quarter) * quarter + lifeMs
}

/** An address that opens by itself, as far as it takes a key to open it. */
export function openUrl(publicUrl: string, path: string, signer: Signer | null): string {
  return `${publicUrl}${path}${signer ? `?token=${signer.sign(path)}` : ''}`
}
