import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { loadConfig, variables } from './config.ts'

const minimal = { REDIS_URL: 'redis://:hunter2@localhost:6379' }

describe('loadConfig', () => {
  it('needs nothing', () => {
    const config = loadConfig({ DATA_DIR: '/srv/pentimento' })
    expect(config).toMatchObject({
      redisUrl: 'redis://127.0.0.1:6379',
      redisNamespace: 'pentimento',
      storageUrl: 'file:///srv/pentimento/storage',
      publicUrl: 'http://127.0.0.1:8080',
      roles: ['generate', 'background'],
      models: { dir: '/srv/pentimento/models', only: null, default: null },
      jobTimeoutMs: 900_000,
      engine: { device: 'auto', threads: null, cancelGraceMs: 10_000 },
      s3: null,
    })
    expect(config.engine.modelMemoryBytes).toBeGreaterThan(2 ** 28)
    expect(config.models.builtinDir).toMatch(/\/models\/still-life$/)
  })

  it.each([
    ['JOB_TIMEOUT', '90', 'jobTimeoutMs', 90_000],
    ['JOB_TIMEOUT', '15m', 'jobTimeoutMs', 900_000],
    ['JOB_TIMEOUT', '1.5s', 'jobTimeoutMs', 1500],
    ['LOCK_DURATION', '500ms', 'lockMs', 500],
    ['ROLES', 'background', 'roles', ['background']],
    ['OUTBOUND_ALLOW', ' 10.0.0.0/8, localhost ', 'outboundAllow', ['10.0.0.0/8', 'localhost']],
    ['WEBHOOK_ALLOW_HTTP', 'on', 'webhookAllowHttp', true],
    ['PUBLIC_URL', 'https://pictures.example/', 'publicUrl', 'https://pictures.example'],
    ['PUBLIC_URL', 'https://h/pictures/', 'publicUrl', 'https://h/pictures'],
    ['HOST', '0.0.0.0', 'publicUrl', 'http://localhost:8080'],
    ['HOST', '::1', 'publicUrl', 'http://[::1]:8080'],
  ] as const)('reads %s=%s', (name, value, field, expected) => {
    expect(loadConfig({ ...minimal, [name]: value })[field]).toEqual(expected)
  })

  it.each([
    ['12G', 12 * 1024 ** 3],
    ['512MiB', 512 * 1024 ** 2],
    ['1.5g', 1.5 * 1024 ** 3],
    ['4096', 4096],
  ])('reads MODEL_MEMORY=%s', (value, bytes) => {
    expect(loadConfig({ ...minimal, MODEL_MEMORY: value }).engine.modelMemoryBytes).toBe(bytes)
  })

  it.each([
    ['REDIS_URL', 'http://localhost', 'REDIS_URL must be a URL such as redis://'],
    ['STORAGE_URL', 'ftp://x/y', 'STORAGE_URL must be file:///dir or s3://'],
    ['STORAGE_URL', 's3://bucket', 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set'],
    ['MODEL_MEMORY', 'lots', 'MODEL_MEMORY must be a size such as 12G'],
    ['JOB_TIMEOUT', '0', 'JOB_TIMEOUT must be a time'],
    ['JOB_TIMEOUT', '3000h', 'JOB_TIMEOUT must be a time'],
    ['ROLES', 'generate,cook', 'ROLES '],
    ['ROLES', ',', 'ROLES '],
    ['WORKER_PORT', 'x', 'WORKER_PORT must be a port'],
    ['BUILTIN_MODEL', 'yes', 'BUILTIN_MODEL must be on or off'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of trace'],
  ])('refuses %s=%s in words', (name, value, message) => {
    expect(() => loadConfig({ ...minimal, [name]: value })).toThrow(message)
  })

  it('tells every problem at once, and no value', () => {
    const broken = { REDIS_URL: 'http://:hunter2@x', JOB_TIMEOUT: 'soon', MODEL_MEMORY: '-1' }
    expect(() => loadConfig(broken)).toThrow(/REDIS_URL[\s\S]*MODEL_MEMORY[\s\S]*JOB_TIMEOUT/)
    expect(() => loadConfig(broken)).not.toThrow('hunter2')
  })

  it('keeps secrets from the engine', () => {
    const { engine } = loadConfig({
      ...minimal,
      PATH: '/bin',
      CUDA_VISIBLE_DEVICES: '1',
      SECRETS_KEY: 'c2VjcmV0',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      NODE_OPTIONS: '--inspect',
    })
    expect(engine.env).toEqual({ PATH: '/bin', CUDA_VISIBLE_DEVICES: '1' })
  })
})

it('explains every variable in docs/configuration.md', async () => {
  const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
  const names = Object.keys(variables.shape)
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
