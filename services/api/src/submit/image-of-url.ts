import { limits } from '@pentimento/contracts'
import { OutboundError } from '@pentimento/outbound'
import type { Deps } from '../deps.ts'
import { fieldProblem, HttpProblem } from '../http/problem.ts'
import { createTurns, TooManyWaiting } from '../http/turns.ts'
import type { Holder } from './holder.ts'
import { refuseKey } from './refuse-key.ts'

const fetchMs = 15_000
const places = { places: 64, perTenant: 8, waiting: 16 }

/** The bytes behind an `image_url`, or behind another field that says where a picture is. */
export type ImageOfUrl = (url: string, holding: Holder, field: string) => Promise<Uint8Array>

/**
 * Fetches through the guarded client, a few at once for each tenant. Says no more of the other server than its own
 * words for a failure.
 */
export function createImageOfUrl(deps: Pick<Deps, 'outbound'>): ImageOfUrl {
  const turns = createTurns(places)
  return async (url, { tenant, upload, gone }, field) => {
    refuseKey(field, url)
    const giveBack = await turns.take(tenant, gone).catch((error) => {
      const detail = `at most ${places.perTenant} of your images are fetched at once`
      throw error instanceof TooManyWaiting ? new HttpProblem('rate_limited', detail, { retryAfterSeconds: 5 }) : error
    })
    let refused: unknown
    const take = (bytes: number) =>
      upload.take(bytes).catch((error: unknown) => {
        refused = error
        throw error
      })
    try {
      const options = {
        maxBytes: limits.imageBytes,
        timeoutMs: fetchMs,
        accept: 'image/png, image/jpeg, image/webp',
        take,
      }
      // A picture is no secret, and its sender chose the server: plain http is good enough here.
      return (await deps.outbound.fetchBytes(url, { ...options, allowHttp: true })).bytes
    } catch (error) {
      if (refused !== undefined) throw refused
      throw error instanceof OutboundError ? fieldProblem('image_url_failed', field, error.publicReason) : error
    } finally {
      giveBack()
    }
  }
}
