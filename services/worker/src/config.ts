import { totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  addressSettings,
  type Environment,
  givenOf,
  logSettings,
  readSettings,
  safetySettings,
} from '@pentimento/contracts'
import { outboundSettings } from '@pentimento/outbound'
import { stateSettings } from '@pentimento/state'
import { storageSettings } from '@pentimento/storage'
import { tracingSettings } from '@pentimento/tracing'
import { deviceSettings, modelSettings, probeSettings, workerSettings } from './settings.ts'

/** Every variable that the worker reads, each explained in `docs/configuration.md`. */
export const blocks = {
  address: addressSettings,
  state: stateSettings,
  storage: storageSettings,
  outbound: outboundSettings,
  tracing: tracingSettings,
  log: logSettings,
  safety: safetySettings,
  probes: probeSettings,
  models: modelSettings,
  device: deviceSettings,
  worker: workerSettings,
}

export type Config = ReturnType<typeof loadConfig>

const BUILTIN_MODEL_DIR = fileURLToPath(new URL('../../../models/still-life', import.meta.url))

/**
 * What the engine, its libraries and their drivers may see. Everything else, secrets above all, stays with the parent.
 */
const ENGINE_ENV =
  /^(PATH|HOME|TMPDIR|LANG|LC_.*|TZ|LD_LIBRARY_PATH|DYLD_.*|XDG_.*|NVIDIA_.*|CUDA_.*|VK_.*|MESA_.*|ORT_.*|OMP_.*|NODE_COMPILE_CACHE|GLIBC_TUNABLES|DISPLAY)$/

/**
 * Reads and checks the environment; an empty variable counts as not set.
 *
 * @throws SettingsError naming every variable that is wrong, and no value
 */
export function loadConfig(env: Environment) {
  const { models, device, worker, ...shared } = readSettings(blocks, env)
  const { roles, defaultModel, modelMemoryBytes, load, cancelGraceMs, jobTimeoutMs, drainTimeoutMs, ...sharing } =
    worker
  return {
    ...shared,
    roles,
    models: {
      dir: models.dir,
      /** One more model, which may be absent. */
      builtinDir: models.builtin ? BUILTIN_MODEL_DIR : null,
      only: models.only,
      default: defaultModel,
    },
    engine: {
      ...device,
      ...sharing,
      modelMemoryBytes: modelMemoryBytes ?? Math.floor(totalmem() * 0.6),
      load,
      cancelGraceMs,
      env: Object.fromEntries(Object.entries(givenOf(env)).filter(([name]) => ENGINE_ENV.test(name))),
    },
    jobTimeoutMs,
    drainTimeoutMs,
  }
}
