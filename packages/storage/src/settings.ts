import type { StoreOptions } from './open-store.ts'

/** The environment variables that say how an S3 store is reached. */
interface StorageEnvironment {
  S3_ENDPOINT?: string | undefined
  S3_REGION?: string | undefined
  S3_PUBLIC_ENDPOINT?: string | undefined
  S3_ADDRESSING?: string | undefined
  AWS_ACCESS_KEY_ID?: string | undefined
  AWS_SECRET_ACCESS_KEY?: string | undefined
  AWS_SESSION_TOKEN?: string | undefined
  AWS_REGION?: string | undefined
}

/** The options of `openStore` that an environment stands for; empty values count as unset. Throws a `TypeError`. */
export function storeOptions(env: StorageEnvironment): StoreOptions {
  const accessKeyId = env.AWS_ACCESS_KEY_ID || undefined
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY || undefined
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new TypeError('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set together')
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) return {}
  const optional = {
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
    region: env.S3_REGION || env.AWS_REGION || undefined,
    endpoint: env.S3_ENDPOINT || undefined,
    publicEndpoint: env.S3_PUBLIC_ENDPOINT || undefined,
    addressing: parseAddressing(env.S3_ADDRESSING || undefined),
  }
  return { s3: { accessKeyId, secretAccessKey, ...optional } }
}

function parseAddressing(value: string | undefined): 'path' | 'virtual' | undefined {
  if (value === undefined || value === 'path' || value === 'virtual') return value
  throw new TypeError(`S3_ADDRESSING must be path or virtual, not ${JSON.stringify(value)}`)
}
