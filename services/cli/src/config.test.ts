import { describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'

describe('loadConfig', () => {
  it('has defaults, and takes an empty variable for an unset one', () => {
    for (const env of [{}, { PORT: '', HOST: '', REDIS_URL: '' }])
      expect(loadConfig(env)).toMatchObject({ host: '127.0.0.1', port: 8080, redisUrl: null, workerPort: null })
  })

  it.each(['0', '65536', '80a', '-1', '1.5'])('refuses PORT=%s by name', (text) => {
    expect(() => loadConfig({ PORT: text })).toThrow(/^PORT must be/)
  })

  it('refuses a device and a number of threads that there are not', () => {
    expect(() => loadConfig({ DEVICE: 'gpu' })).toThrow('DEVICE must be one of auto, cpu, cuda, webgpu, not "gpu"')
    expect(() => loadConfig({ THREADS: 'many' })).toThrow(/^THREADS must be/)
  })

  it('takes a mirror of the hub, and refuses what is no address', () => {
    expect(loadConfig({ HF_ENDPOINT: 'https://mirror.example/hub/' }).hubUrl).toBe('https://mirror.example/hub')
    expect(() => loadConfig({ HF_ENDPOINT: 'mirror' })).toThrow(/^HF_ENDPOINT must be/)
  })
})
