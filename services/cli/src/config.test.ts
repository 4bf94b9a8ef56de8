import { describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'

describe('loadConfig', () => {
  it('has defaults, and takes an empty variable for an unset one', () => {
    for (const env of [{}, { PORT: '', HOST: '', REDIS_URL: '' }])
      expect(loadConfig(env)).toMatchObject({
        address: { host: '127.0.0.1', port: 8080 },
        chosen: { redisUrl: null, workerPort: null, logLevel: null },
      })
  })

  it('takes what is set for what it would choose itself, and a port of 0 for a free one', () => {
    const env = { REDIS_URL: 'redis://r:1', WORKER_PORT: '81', LOG_LEVEL: 'debug' }
    expect(loadConfig(env).chosen).toEqual({ redisUrl: 'redis://r:1', workerPort: 81, logLevel: 'debug' })
    expect(loadConfig({ WORKER_PORT: '0' }).chosen.workerPort).toBe(null)
  })

  it.each(['0', '65536', '80a', '-1', '1.5'])('refuses PORT=%s by name', (text) => {
    expect(() => loadConfig({ PORT: text })).toThrow(/^PORT: must be/)
  })

  it('refuses a device and a number of threads that there are not', () => {
    expect(() => loadConfig({ DEVICE: 'gpu' })).toThrow('DEVICE: must be one of auto, cpu, cuda, webgpu')
    expect(() => loadConfig({ THREADS: 'many' })).toThrow(/^THREADS: must be/)
  })

  it('takes a mirror of the hub, and refuses what is no address', () => {
    expect(loadConfig({ HF_ENDPOINT: 'https://mirror.example/hub/' }).hubUrl).toBe('https://mirror.example/hub')
    expect(() => loadConfig({ HF_ENDPOINT: 'mirror' })).toThrow(/^HF_ENDPOINT: must be/)
  })
})
