import { fileURLToPath } from 'node:url'
import { freePort } from '@pentimento/free-port'
import { type CliConfig, loadConfig } from '../config.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/**
 * The environment in which the real stack runs in a test: a model of its own choice, a private Redis, free ports,
 * everything else in `dataDir`.
 */
export async function stackConfig(dataDir: string, extra: Record<string, string> = {}): Promise<CliConfig> {
  const env = {
    ...testSettings(),
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    REDIS_SERVER: process.env.REDIS_SERVER ?? 'redis-server',
    ...tinyModels(),
    ...extra,
  }
  return loadConfig(env)
}

/**
 * What programs that a test starts take from its own environment: where things are, and what keeps them cheap
 * (vitest.config.ts).
 */
export function testSettings(): Record<string, string | undefined> {
  const { PATH, HOME, NODE_COMPILE_CACHE, THREADS } = process.env
  return { PATH, HOME, NODE_COMPILE_CACHE, THREADS }
}

/** A tiny random model: fast, and enough for everything but looking at pictures. */
export function tinyModels(): Record<string, string> {
  return { MODELS_DIR: `${root}models/fixtures`, BUILTIN_MODEL: 'off', MODELS: 'tiny-sd1', DEFAULT_MODEL: 'tiny-sd1' }
}
