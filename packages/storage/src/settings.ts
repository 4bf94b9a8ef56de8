import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { parseOrigin } from './s3/address.ts'
import type { S3Options } from './s3/s3-options.ts'
import { parseStorageUrl } from './storage-url.ts'

const origin = checked(parseOrigin, 'must be an origin such as https://host or http://host:9000')

/** The folder of all that a deployment keeps in files; also the default place of models. */
export const dataDir = z
  .string()
  .default('./data')
  .transform((dir) => resolve(dir))

/** Where pictures are kept. What comes of it are the arguments of `openStore`, and the folder. */
export const storageSettings = z
  .object({
    DATA_DIR: dataDir,
    STORAGE_URL: checked(storageUrl, 'must be file:///dir or s3://bucket/prefix').optional(),
    S3_ENDPOINT: origin.optional(),
    S3_REGION: z.string().optional(),
    S3_PUBLIC_ENDPOINT: origin.optional(),
    S3_ADDRESSING: z.enum(['path', 'virtual'], 'must be path or virtual').optional(),
    AWS_ACCESS_KEY_ID: z.string().optional(),
    AWS_SECRET_ACCESS_KEY: z.string().optional(),
    AWS_SESSION_TOKEN: z.string().optional(),
    AWS_REGION: z.string().optional(),
  })
  .transform((v, context): { dataDir: string; url: string; s3: S3Options | undefined } => {
    const url = v.STORAGE_URL ?? pathToFileURL(resolve(v.DATA_DIR, 'storage')).href
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = v
    const place = { dataDir: v.DATA_DIR, url }
    if (accessKeyId !== undefined && secretAccessKey !== undefined) {
      const s3 = {
        accessKeyId,
        secretAccessKey,
        sessionToken: v.AWS_SESSION_TOKEN,
        region: v.S3_REGION ?? v.AWS_REGION,
        endpoint: v.S3_ENDPOINT,
        publicEndpoint: v.S3_PUBLIC_ENDPOINT,
        addressing: v.S3_ADDRESSING,
      }
      return { ...place, s3 }
    }
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    if (accessKeyId !== secretAccessKey) refuse('AWS_ACCESS_KEY_ID', 'must be set together with AWS_SECRET_ACCESS_KEY')
    else if (url.startsWith('s3:')) refuse('STORAGE_URL', 's3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
    return { ...place, s3: undefined }
  })

function storageUrl(text: string): string {
  parseStorageUrl(text)
  return text
}

/** A text that `read` takes and makes something of; where it throws, `message` is said. */
function checked(read: (text: string) => string, message: string) {
  return z.string().transform((text, context) => {
    try {
      return read(text)
    } catch {
      context.addIssue(message)
      return z.NEVER
    }
  })
}
