import { describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'

describe('loadConfig', () => {
  it('works without any variable, on loopback only', () => {
    const config = loadConfig({})
    expect(config.address).toEqual({
      host: '127.0.0.1',
      port: 8080,
      localUrl: 'http://127.0.0.1:8080',
      publicUrl: 'http://127.0.0.1:8080',
    })
    expect(config.api.auth).toBe('off')
    expect(config.storage.url).toMatch(/^file:\/\/\/.*\/data\/storage$/)
  })

  it('takes an empty variable as not set and ignores those of others', () => {
    expect(loadConfig({ PORT: '', PATH: '/bin', REDIS_URL: 'redis://r:1' }).address.port).toBe(8080)
  })

  it('names every variable that is wrong', () => {
    const wrong = { PORT: '99999', LOG_LEVEL: 'loud', REDIS_URL: 'http://x', AUTH: 'maybe', STORAGE_URL: 'ftp://x' }
    for (const name of Object.keys(wrong)) expect(() => loadConfig(wrong)).toThrow(`${name}: `)
  })

  it('does not open up by accident', () => {
    expect(() => loadConfig({ HOST: '0.0.0.0' })).toThrow(/HOST: .*AUTH=keys/)
    expect(() => loadConfig({ HOST: '192.168.0.4' })).toThrow(/HOST/)
    expect(loadConfig({ HOST: '0.0.0.0', AUTH: 'keys' }).address.publicUrl).toBe('http://localhost:8080')
    expect(loadConfig({ HOST: '0.0.0.0', ALLOW_OPEN: 'on' }).address.host).toBe('0.0.0.0')
    expect(loadConfig({ HOST: '::1', PORT: '81' }).address.publicUrl).toBe('http://[::1]:81')
  })

  it('reads lists and trims the public origin', () => {
    const config = loadConfig({
      CORS_ORIGINS: 'https://a.example, https://b.example',
      PUBLIC_URL: 'https://c.example/',
    })
    expect(config.api.corsOrigins).toEqual(['https://a.example', 'https://b.example'])
    expect(config.address.publicUrl).toBe('https://c.example')
  })

  it.each([
    ['https://app.example.com/', 'https://app.example.com'],
    ['HTTPS://App.Example.Com:443', 'https://app.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://[::1]:80/', 'http://[::1]'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('takes the origin %s as browsers send it', (entry, origin) => {
    expect(loadConfig({ CORS_ORIGINS: `https://a.example,${entry}, ` }).api.corsOrigins).toEqual([
      'https://a.example',
      origin,
    ])
  })

  it.each([
    ['*', /"\*" would let any page in/],
    ['https://*.example.com', /would let any page in/],
    ['null', /sandboxed frame/],
    ['app.example.com', /is no origin: write scheme, host/],
    ['localhost:3000', /is no origin/],
    ['//app.example.com', /is no origin/],
    ['https://', /is no origin/],
    ['ftp://app.example.com', /is no origin/],
    ['htps://app.example.com', /is no origin/],
    ['https://app.example.com/page', /is no origin/],
    ['https://app.example.com//', /is no origin/],
    ['https://app.example.com?a', /is no origin/],
    ['https://app.example.com/#', /is no origin/],
    ['https://a.example https://b.example', /is no origin/],
    ['https://me:hunter2@a.example', /^CORS_ORIGINS: "https:\/\/…@a.example" is no origin/],
  ])('stops at %s, which is no origin of a page', (entry, sentence) => {
    const load = () => loadConfig({ CORS_ORIGINS: `https://a.example,${entry}` })
    expect(load).toThrow(sentence)
    expect(load).not.toThrow(/\n|hunter2/)
  })

  it('serves below a path, and says what PUBLIC_URL may be', () => {
    expect(loadConfig({ PUBLIC_URL: 'http://h/pentimento/' }).address.publicUrl).toBe('http://h/pentimento')
    for (const PUBLIC_URL of ['https://h/?a', 'https://h/#a', 'https://me:hunter2@h', 'h'])
      expect(() => loadConfig({ PUBLIC_URL })).toThrow(/^PUBLIC_URL: must be a URL such as [^\n]*$/)
  })

  it('wants credentials with s3', () => {
    expect(() => loadConfig({ STORAGE_URL: 's3://bucket/p' })).toThrow(/AWS_ACCESS_KEY_ID/)
  })
})
