import { readFileSync } from 'node:fs'
import type { CliConfig } from './config.ts'
import { lockDataDir, redisUrlFile } from './data-dir.ts'
import { startPrivateRedis } from './private-redis.ts'

/**
 * Runs something against the Redis of REDIS_URL, of the stack that runs on this DATA_DIR, or, when none runs, a private
 * one started for the purpose.
 */
export async function withRedis<T>(config: CliConfig, use: (redisUrl: string) => Promise<T>): Promise<T> {
  if (config.chosen.redisUrl !== null) return use(config.chosen.redisUrl)
  const { dataDir } = config.storage
  const running = urlOfRunning(dataDir)
  if (running !== null) return use(running)
  const unlock = lockDataDir(dataDir)
  try {
    const { url, program } = await startPrivateRedis(config)
    try {
      return await use(url)
    } finally {
      await program.stop(15_000)
    }
  } finally {
    unlock()
  }
}

function urlOfRunning(dataDir: string): string | null {
  try {
    return readFileSync(redisUrlFile(dataDir), 'utf8').trim()
  } catch {
    return null
  }
}
