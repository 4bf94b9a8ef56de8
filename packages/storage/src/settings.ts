import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { parseOrigin } from './s3/address.ts'
import type { S3Options, S3Role } from './s3/s3-options.ts'
import { parseStorageUrl } from './storage-url.ts'

const origin = checked(parseOrigin, 'must be an origin such as https://host or http://host:9000')

/** The folder of all that a deployment keeps in files; also the default place of models. */
export const dataDir = z
  .string()
  .default('./data')
  .transform((dir) => resolve(dir))

/** What a cluster sets where it gives a role to a process, by the names that AWS' own programs read. */
const roleVariables = z.object({
  AWS_ROLE_ARN: z.string().optional(),
  AWS_WEB_IDENTITY_TOKEN_FILE: z.string().optional(),
  AWS_ROLE_SESSION_NAME: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 letters, digits and +=,.@-')
    .default('pentimento'),
  AWS_ENDPOINT_URL_STS: origin.optional(),
  AWS_CONTAINER_CREDENTIALS_FULL_URI: z.string().optional(),
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: z.string().optional(),
  AWS_CONTAINER_AUTHORIZATION_TOKEN: z.string().optional(),
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: z.string().optional(),
})

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
    ...roleVariables.shape,
  })
  .transform((v, context): { dataDir: string; url: string; s3: S3Options | undefined } => {
    const url = v.STORAGE_URL ?? pathToFileURL(resolve(v.DATA_DIR, 'storage')).href
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = v
    const store = { dataDir: v.DATA_DIR, url }
    const place = {
      region: v.S3_REGION ?? v.AWS_REGION,
      endpoint: v.S3_ENDPOINT,
      publicEndpoint: v.S3_PUBLIC_ENDPOINT,
      addressing: v.S3_ADDRESSING,
    }
    if (accessKeyId !== undefined && secretAccessKey !== undefined)
      return { ...store, s3: { ...place, accessKeyId, secretAccessKey, sessionToken: v.AWS_SESSION_TOKEN } }
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    if (accessKeyId !== secretAccessKey) refuse('AWS_ACCESS_KEY_ID', 'must be set together with AWS_SECRET_ACCESS_KEY')
    if (url.startsWith('s3:') && (v.AWS_ROLE_ARN === undefined) !== (v.AWS_WEB_IDENTITY_TOKEN_FILE === undefined))
      refuse('AWS_ROLE_ARN', 'must be set together with AWS_WEB_IDENTITY_TOKEN_FILE')
    const role = roleOf(v)
    if (role !== null) return { ...store, s3: { ...place, role } }
    if (url.startsWith('s3:') && accessKeyId === secretAccessKey)
      refuse('STORAGE_URL', 's3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the variables of a role')
    return { ...store, s3: undefined }
  })

/** The role that the process was given, in the order in which AWS' own programs look: by token, then by endpoint. */
function roleOf(v: z.infer<typeof roleVariables>): S3Role | null {
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = v
  if (roleArn !== undefined && tokenFile !== undefined) {
    const [sessionName, endpoint] = [v.AWS_ROLE_SESSION_NAME, v.AWS_ENDPOINT_URL_STS]
    return { kind: 'web-identity', roleArn, tokenFile, sessionName, endpoint }
  }
  const [fullUri, relativeUri] = [v.AWS_CONTAINER_CREDENTIALS_FULL_URI, v.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI]
  if (fullUri === undefined && relativeUri === undefined) return null
  return {
    kind: 'container',
    fullUri,
    relativeUri,
    token: v.AWS_CONTAINER_AUTHORIZATION_TOKEN,
    tokenFile: v.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
  }
}

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
