import { randomBytes, randomUUID } from 'node:crypto'
import { readSettings } from '@pentimento/contracts'
import { describe, expect, it } from 'vitest'
import { keys, openStore, storageSettings } from '../index.ts'
import { conformanceSuite } from '../testing/conformance.ts'

// A real S3 service: S3_TEST_URL=s3://bucket/prefix, and S3_ENDPOINT, AWS_ACCESS_KEY_ID … as for Pentimento itself.
// vitest.config.ts leaves this file out when that is not set.
const url = process.env.S3_TEST_URL
const job = `job_${'a'.repeat(26)}`
const png = { contentType: 'image/png' }

function open() {
  const env = { ...process.env, STORAGE_URL: url, S3_PUBLIC_ENDPOINT: process.env.S3_ENDPOINT }
  const { s3 } = readSettings({ storage: storageSettings }, env).storage
  return openStore(`${url}/${randomUUID()}`, { s3 })
}

conformanceSuite('a real S3 service', open)

describe('a list of a real S3 service', () => {
  it('goes on beyond the first page of 1,000 keys', { timeout: 120_000 }, async () => {
    const store = await open()
    const names = Array.from({ length: 1_005 }, (_, i) => keys.inputKey('default', job, `image-${i}.png`))
    for (let i = 0; i < names.length; i += 15) {
      await Promise.all(names.slice(i, i + 15).map((key) => store.put(key, Buffer.from('x'), png)))
    }
    const listed: string[] = []
    for await (const { key } of store.list('')) listed.push(key)
    expect(listed).toEqual(names.toSorted())
    expect(await store.deletePrefix('')).toBe(names.length)
  })
})

describe('a signed URL of a real S3 service', () => {
  const key = keys.resultKey('default', job, 1, 0, 'png')

  it('is read by anybody, with a file name', async () => {
    const store = await open()
    const bytes = randomBytes(1000)
    await store.put(key, bytes, png)
    const signed = await store.signedUrl(key, { expiresSeconds: 60, filename: 'job-0.png', contentType: 'image/png' })
    const response = await fetch(signed ?? '')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(response.headers.get('content-disposition')).toBe('inline;filename="job-0.png"')
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it('ends, and opens nothing else', async () => {
    const store = await open()
    await store.put(key, Buffer.from('x'), png)
    const signed = (await store.signedUrl(key, { expiresSeconds: 1 })) ?? ''
    expect((await fetch(signed)).status).toBe(200)
    expect((await fetch(signed, { method: 'DELETE' })).status).toBe(403)
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    expect((await fetch(signed)).status).toBe(403)
  })
})
