import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keys, openStore, storeOptions } from '../index.ts'
import { conformanceSuite } from '../testing/conformance.ts'

// A real S3 service: S3_TEST_URL=s3://bucket/prefix, and S3_ENDPOINT, AWS_ACCESS_KEY_ID … as for Pentimento itself.
const url = process.env.S3_TEST_URL

function open() {
  return openStore(
    `${url}/${randomUUID()}`,
    storeOptions({ ...process.env, S3_PUBLIC_ENDPOINT: process.env.S3_ENDPOINT }),
  )
}

if (url === undefined) {
  describe.skip('a real S3 service (S3_TEST_URL is not set)', () => it.todo('passes the conformance suite'))
} else {
  conformanceSuite('a real S3 service', open)

  describe('a signed URL of a real S3 service', () => {
    it('is read by anybody, with a file name', async () => {
      const store = await open()
      const key = keys.resultKey('default', `job_${'a'.repeat(26)}`, 1, 0, 'png')
      const bytes = randomBytes(1000)
      await store.put(key, bytes, { contentType: 'image/png' })
      const signed = await store.signedUrl(key, { expiresSeconds: 60, filename: 'job-0.png', contentType: 'image/png' })
      const response = await fetch(signed ?? '')
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('image/png')
      expect(response.headers.get('content-disposition')).toBe('inline;filename="job-0.png"')
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
    })
  })
}
