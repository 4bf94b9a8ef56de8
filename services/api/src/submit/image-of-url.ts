import { limits } from '@pentimento/contracts'
import { OutboundError } from '@pentimento/outbound'
import type { Deps } from '../deps.ts'
import { fieldProblem } from '../http/problem.ts'
import { refuseKey } from './refuse-key.ts'

const fetchMs = 15_000

/** The bytes behind `image_url`, through the guarded client. Says no more of the other server than its own words for a failure. */
export async function imageOfUrl(deps: Deps, url: string): Promise<Uint8Array> {
  refuseKey('image_url', url)
  try {
    const options = { maxBytes: limits.imageBytes, timeoutMs: fetchMs, accept: 'image/png, image/jpeg, image/webp' }
    // A picture is no secret, and its sender chose the server: plain http is good enough here.
    return (await deps.outbound.fetchBytes(url, { ...options, allowHttp: true })).bytes
  } catch (error) {
    throw error instanceof OutboundError ? fieldProblem('image_url_failed', 'image_url', error.publicReason) : error
  }
}
