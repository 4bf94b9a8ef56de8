import { z } from 'zod'
import { defaultPublicUrl, publicUrl } from '../public-url.ts'
import { port } from './kinds.ts'

/**
 * Where the api listens, and what its URLs begin with: the worker needs it for those in webhooks, the commands to call
 * it.
 */
export const addressSettings = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(8080),
    PUBLIC_URL: publicUrl.optional(),
  })
  .transform(({ HOST, PORT, PUBLIC_URL }) => {
    const localUrl = defaultPublicUrl(HOST, PORT)
    return {
      host: HOST,
      port: PORT,
      /** Of the api, for who stands on the same machine. */
      localUrl,
      /** Of the api, for its clients: what all URLs in answers and webhooks begin with. */
      publicUrl: PUBLIC_URL ?? localUrl,
    }
  })
