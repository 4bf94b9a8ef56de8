import { addressSettings, type Environment, givenOf, logSettings, readSettings } from '@pentimento/contracts'
import { stateSettings } from '@pentimento/state'
import { storageSettings } from '@pentimento/storage'
import { deviceSettings, modelSettings, probeSettings } from '@pentimento/worker'
import { z } from 'zod'

/** What only the commands read. */
const commandSettings = z
  .object({
    REDIS_SERVER: z.string().nullable().default(null),
    REDIS_DOCKER: z.string().nullable().default(null),
    HF_ENDPOINT: z
      .url({ protocol: /^https?$/, error: 'must be a URL such as https://huggingface.co' })
      .transform((url) => url.replace(/\/+$/, ''))
      .default('https://huggingface.co'),
    HF_TOKEN: z.string().nullable().default(null),
  })
  .transform((v) => ({
    /** How to start a private Redis: the path of redis-server or valkey-server, or of docker. */
    redisServer: v.REDIS_SERVER,
    redisDocker: v.REDIS_DOCKER,
    hubUrl: v.HF_ENDPOINT,
    hubToken: v.HF_TOKEN,
  }))

/**
 * Every variable that the commands read, each explained in `docs/configuration.md`. What else `npm start` finds it
 * hands on to the api and the worker.
 */
export const blocks = {
  address: addressSettings,
  state: stateSettings,
  storage: storageSettings,
  log: logSettings,
  probes: probeSettings,
  models: modelSettings,
  device: deviceSettings,
  commands: commandSettings,
}

export type CliConfig = ReturnType<typeof loadConfig>

/**
 * Reads the environment; an empty variable counts as not set.
 *
 * @throws SettingsError naming every variable that is wrong
 */
export function loadConfig(env: Environment) {
  const { commands, ...shared } = readSettings(blocks, env)
  const given = givenOf(env)
  return {
    /** The whole environment, for the child processes. */
    env,
    ...shared,
    ...commands,
    /** What `npm start` chooses itself where it is not set. */
    chosen: {
      redisUrl: given.REDIS_URL === undefined ? null : shared.state.redisUrl,
      workerPort: given.WORKER_PORT === undefined ? null : shared.probes.port || null,
      logLevel: given.LOG_LEVEL === undefined ? null : shared.log.level,
    },
  }
}
