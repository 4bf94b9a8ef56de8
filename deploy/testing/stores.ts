import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type S3Server, startS3Server } from '../../packages/storage/src/testing/index.ts'
import { type Stack, startStack } from '../../services/cli/src/stack.ts'
import { stackConfig } from '../../services/cli/src/testing/stack-config.ts'
import { s3Settings } from './s3-settings.ts'

/** The whole service on a folder and on S3, while tests run. */
export interface Stores {
  /** A folder for files. */
  dir: string
  s3: S3Server
  onFiles: Stack
  onS3: Stack
}

/** Starts both before the tests of a file, and stops them after them; its members are there while they run. */
export function useStores(): Stores {
  const stores = {} as Stores
  beforeAll(async () => {
    stores.dir = await mkdtemp(join(tmpdir(), 'pentimento-stores-'))
    stores.s3 = await startS3Server()
    const { dir, s3 } = stores
    const options = { logLevel: 'fatal', signal: AbortSignal.timeout(60_000) }
    stores.onFiles = await startStack(await stackConfig(join(dir, 'files')), options)
    stores.onS3 = await startStack(
      await stackConfig(join(dir, 's3'), { ...s3Settings(s3), S3_PUBLIC_ENDPOINT: s3.endpoint }),
      options,
    )
  }, 90_000)
  afterAll(async () => {
    await Promise.all([stores.onFiles?.stop(), stores.onS3?.stop()])
    await stores.s3?.stop()
    await rm(stores.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }, 90_000)
  return stores
}
