import { join, resolve } from 'node:path'
import type { Device } from '@pentimento/pipeline'

/** What the commands themselves read; everything else in the environment is handed to the api and the worker, which validate it. */
export interface CliConfig {
  /** The whole environment, for the child processes. */
  env: NodeJS.ProcessEnv
  dataDir: string
  host: string
  port: number
  workerPort: number | null
  redisUrl: string | null
  redisNamespace: string | null
  /** How to start a private Redis: the path of redis-server or valkey-server, or of docker. */
  redisServer: string | null
  redisDocker: string | null
  storageUrl: string | null
  secretsKey: string | null
  /** The folder whose subfolders are models. */
  modelsDir: string
  builtinModel: boolean
  /** The only models that are served, by id; null for all. */
  onlyModels: string[] | null
  device: 'auto' | Device
  threads: number | null
  hubUrl: string
  hubToken: string | null
}

/** Reads the environment; throws an Error that names the variable. */
export function loadConfig(env: NodeJS.ProcessEnv): CliConfig {
  return {
    env,
    dataDir: resolve(env.DATA_DIR || './data'),
    host: env.HOST || '127.0.0.1',
    port: portOf('PORT', env.PORT) ?? 8080,
    workerPort: portOf('WORKER_PORT', env.WORKER_PORT),
    redisUrl: env.REDIS_URL || null,
    redisNamespace: env.REDIS_NAMESPACE || null,
    redisServer: env.REDIS_SERVER || null,
    redisDocker: env.REDIS_DOCKER || null,
    storageUrl: env.STORAGE_URL || null,
    secretsKey: env.SECRETS_KEY || null,
    modelsDir: resolve(env.MODELS_DIR || join(env.DATA_DIR || './data', 'models')),
    builtinModel: env.BUILTIN_MODEL !== 'off',
    onlyModels: env.MODELS ? env.MODELS.split(',').map((name) => name.trim()) : null,
    device: deviceOf(env.DEVICE || 'auto'),
    threads: threadsOf(env.THREADS),
    hubUrl: hubUrlOf(env.HF_ENDPOINT || 'https://huggingface.co'),
    hubToken: env.HF_TOKEN || null,
  }
}

function portOf(name: string, text: string | undefined): number | null {
  if (!text) return null
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${name} must be a port from 1 to 65535, not "${text}"`)
  return port
}

const devices = ['auto', 'cpu', 'cuda', 'webgpu'] as const

function deviceOf(text: string): (typeof devices)[number] {
  const device = devices.find((name) => name === text)
  if (device === undefined) throw new Error(`DEVICE must be one of ${devices.join(', ')}, not "${text}"`)
  return device
}

function threadsOf(text: string | undefined): number | null {
  if (!text) return null
  const threads = Number(text)
  if (!Number.isInteger(threads) || threads < 1) throw new Error(`THREADS must be a whole number from 1, not "${text}"`)
  return threads
}

function hubUrlOf(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new Error(`HF_ENDPOINT must be a URL such as https://huggingface.co, not "${text}"`)
  return text.replace(/\/+$/, '')
}
