import { brotliDecompressSync } from 'node:zlib'
import { loadPage } from '@pentimento/playground'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from './deps.ts'
import { registerPlayground } from './playground.ts'

describe('playground', () => {
  let app: FastifyInstance
  beforeAll(async () => {
    app = Fastify()
    registerPlayground(app as unknown as App, { page: await loadPage() })
  })
  afterAll(() => app.close())

  const assetsOf = (html: string) => [...html.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, path]) => `/${path}`)

  it('serves the document and every file that it names, and allows nothing else', async () => {
    const document = await app.inject('/')
    expect(document.statusCode).toBe(200)
    expect(document.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
    expect(document.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
    expect(document.body).not.toMatch(/<script>|style=|\son\w+="/)
    const assets = assetsOf(document.body)
    expect(assets).toHaveLength(3)
    for (const path of assets) expect((await app.inject(path)).statusCode, path).toBe(200)
  })

  it('keeps hashed files for ever, and answers 304 to whoever has the document', async () => {
    const document = await app.inject('/')
    for (const path of assetsOf(document.body).filter((asset) => asset.includes('page-')))
      expect((await app.inject(path)).headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const again = await app.inject({ url: '/', headers: { 'if-none-match': String(document.headers.etag) } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  it('compresses for whoever takes brotli', async () => {
    const plain = await app.inject('/')
    expect(plain.headers['content-encoding']).toBeUndefined()
    for (const header of ['br', 'gzip, deflate, br', 'br;q=1.0']) {
      const packed = await app.inject({ url: '/', headers: { 'accept-encoding': header } })
      expect(packed.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' })
      expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(plain.body)
    }
    for (const header of ['gzip', 'br;q=0', 'identity'])
      expect((await app.inject({ url: '/', headers: { 'accept-encoding': header } })).headers).not.toHaveProperty(
        'content-encoding',
      )
  })
})
