import { assertKey } from '../key-rules.ts'
import type { SignedUrlOptions } from '../object-store.ts'
import type { Bucket } from './bucket.ts'
import { signUrl } from './signed-fetch.ts'

const MAX_EXPIRY_SECONDS = 604_800

/** @returns null where clients cannot reach the bucket */
export async function signedUrl(
  { signer, publicUrlOf }: Bucket,
  key: string,
  { expiresSeconds, filename, contentType }: SignedUrlOptions,
): Promise<string | null> {
  assertKey(key)
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > MAX_EXPIRY_SECONDS) {
    throw new TypeError(`a signed URL can last 1 to ${MAX_EXPIRY_SECONDS} seconds, not ${expiresSeconds}`)
  }
  if (filename !== undefined && !/^[\w.-]{1,128}$/.test(filename)) {
    throw new TypeError(`not a file name for a signed URL: ${JSON.stringify(filename)}`)
  }
  const url = publicUrlOf(key)
  if (url === null) return null
  // Without a space: servers disagree on how a signed one is written.
  if (filename !== undefined) url.searchParams.set('response-content-disposition', `inline;filename="${filename}"`)
  if (contentType !== undefined) url.searchParams.set('response-content-type', contentType)
  return signUrl(signer, url, expiresSeconds)
}
