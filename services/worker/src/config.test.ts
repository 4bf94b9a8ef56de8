import { describe, expect, it } from 'vitest'
import { type Config, loadConfig } from './config.ts'

const minimal = { REDIS_URL: 'redis://:hunter2@localhost:6379' }

describe('loadConfig', () => {
  it('takes weights as fast as they fit unless it is told how', () => {
    expect(loadConfig(minimal).engine.load).toBe('auto')
    expect(loadConfig({ ...minimal, LOAD: 'lean' }).engine.load).toBe('lean')
    expect(() => loadConfig({ ...minimal, LOAD: 'mapped' })).toThrow('LOAD')
  })

  it('needs nothing', () => {
    const config = loadConfig({ DATA_DIR: '/srv/pentimento' })
    expect(config).toMatchObject({
      state: { redisUrl: 'redis://127.0.0.1:6379', namespace: 'pentimento', lockMs: 10_000, stalledMs: 2000 },
      storage: { url: 'file:///srv/pentimento/storage', s3: undefined },
      address: { publicUrl: 'http://127.0.0.1:8080' },
      roles: ['generate', 'background'],
      models: { dir: '/srv/pentimento/models', only: null, default: null },
      jobTimeoutMs: 900_000,
      engine: { device: 'auto', threads: null, cancelGraceMs: 10_000 },
    })
    expect(config.engine.modelMemoryBytes).toBeGreaterThan(2 ** 28)
    expect(config.models.builtinDir).toMatch(/\/models\/still-life$/)
  })

  it.each([
    ['JOB_TIMEOUT', '90', ({ jobTimeoutMs }) => jobTimeoutMs, 90_000],
    ['JOB_TIMEOUT', '15m', ({ jobTimeoutMs }) => jobTimeoutMs, 900_000],
    ['JOB_TIMEOUT', '1.5s', ({ jobTimeoutMs }) => jobTimeoutMs, 1500],
    ['SLOTS', '', ({ engine }) => engine.slots, null],
    ['SLOTS', '4', ({ engine }) => engine.slots, 4],
    ['MAX_ROWS', '8', ({ engine }) => engine.rows, { maxRows: 8, slowdown: 2 }],
    ['WARM_SHAPES', '768x512, 512x768', ({ engine }) => engine.warmShapes.map(({ width }) => width), [768, 512]],
    ['LOCK_DURATION', '500ms', ({ state }) => state.lockMs, 500],
    ['ROLES', 'background', ({ roles }) => roles, ['background']],
    ['OUTBOUND_ALLOW', ' 10.0.0.0/8, localhost ', ({ outbound }) => outbound.allow, ['10.0.0.0/8', 'localhost']],
    ['WEBHOOK_ALLOW_HTTP', 'on', ({ state }) => state.webhookAllowHttp, true],
    ['PUBLIC_URL', 'https://pictures.example/', ({ address }) => address.publicUrl, 'https://pictures.example'],
    ['PUBLIC_URL', 'https://h/pictures/', ({ address }) => address.publicUrl, 'https://h/pictures'],
    ['HOST', '0.0.0.0', ({ address }) => address.publicUrl, 'http://localhost:8080'],
    ['HOST', '::1', ({ address }) => address.publicUrl, 'http://[::1]:8080'],
  ] satisfies [string, string, (config: Config) => unknown, unknown][])(
    'reads %s=%s',
    (name, value, read, expected) => {
      expect(read(loadConfig({ ...minimal, [name]: value }))).toEqual(expected)
    },
  )

  it.each([
    ['12G', 12 * 1024 ** 3],
    ['512MiB', 512 * 1024 ** 2],
    ['1.5g', 1.5 * 1024 ** 3],
    ['4096', 4096],
  ])('reads MODEL_MEMORY=%s', (value, bytes) => {
    expect(loadConfig({ ...minimal, MODEL_MEMORY: value }).engine.modelMemoryBytes).toBe(bytes)
  })

  it.each([
    ['REDIS_URL', 'http://localhost', 'REDIS_URL: must be a URL such as redis://'],
    ['STORAGE_URL', 'ftp://x/y', 'STORAGE_URL: must be file:///dir or s3://'],
    ['STORAGE_URL', 's3://bucket', 'STORAGE_URL: s3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
    ['WARM_SHAPES', '512', 'WARM_SHAPES: must be sizes such as 768x512'],
    ['STEP_SLOWDOWN', 'much', 'STEP_SLOWDOWN'],
    ['SLOTS', '0', 'SLOTS'],
    ['MODEL_MEMORY', 'lots', 'MODEL_MEMORY: must be a size such as 12G'],
    ['JOB_TIMEOUT', '0', 'JOB_TIMEOUT: must be a time'],
    ['JOB_TIMEOUT', '3000h', 'JOB_TIMEOUT: must be a time'],
    ['ROLES', 'generate,cook', 'ROLES: must'],
    ['ROLES', ',', 'ROLES: must'],
    ['WORKER_PORT', 'x', 'WORKER_PORT: must be a port'],
    ['BUILTIN_MODEL', 'yes', 'BUILTIN_MODEL: must be on or off'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL: must be one of fatal'],
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
      NODE_COMPILE_CACHE: '/cache',
      SECRETS_KEY: Buffer.alloc(32).toString('base64'),
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      NODE_OPTIONS: '--inspect',
    })
    expect(engine.env).toEqual({ PATH: '/bin', CUDA_VISIBLE_DEVICES: '1', NODE_COMPILE_CACHE: '/cache' })
  })
})
