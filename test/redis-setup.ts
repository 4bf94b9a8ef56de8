import type { TestProject } from 'vitest/node'
import { startTestRedis } from '../packages/test-redis/src/index.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string
  }
}

/**
 * One private redis-server for all integration tests. Test files keep apart by their own key prefix
 * (`inject('redisUrl')`, then a unique namespace). A test that kills Redis starts its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await startTestRedis()
  project.provide('redisUrl', redis.url)
  return redis.close
}
