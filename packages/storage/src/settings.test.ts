import { describe, expect, it } from 'vitest'
import { openStore, storeOptions } from './index.ts'

const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }

describe('the storage settings', () => {
  it('are empty without credentials, which s3:// then asks for', async () => {
    expect(storeOptions({ S3_ENDPOINT: 'http://host:9000', AWS_ACCESS_KEY_ID: '' })).toEqual({})
    await expect(openStore('s3://bucket', storeOptions({}))).rejects.toThrow('AWS_ACCESS_KEY_ID')
  })

  it('take everything that the environment says', () => {
    const env = { ...credentials, S3_ENDPOINT: 'http://host:9000', S3_REGION: 'eu-west-1', AWS_REGION: 'us-west-2' }
    expect(storeOptions({ ...env, S3_ADDRESSING: 'virtual', AWS_SESSION_TOKEN: 'token' }).s3).toEqual({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      endpoint: 'http://host:9000',
      region: 'eu-west-1',
      addressing: 'virtual',
      sessionToken: 'token',
    })
    expect(storeOptions({ ...credentials, AWS_REGION: 'us-west-2' }).s3?.region).toBe('us-west-2')
  })

  it('refuse half a credential and an unknown style of address', () => {
    expect(() => storeOptions({ AWS_ACCESS_KEY_ID: 'key' })).toThrow('must be set together')
    expect(() => storeOptions({ ...credentials, S3_ADDRESSING: 'dns' })).toThrow(
      'S3_ADDRESSING must be path or virtual',
    )
  })

  it.each(['localhost:9000', 'ftp://host', 'http://host/path', 'http://user:pw@host'])(
    'refuse %j as an endpoint',
    async (endpoint) => {
      const options = storeOptions({ ...credentials, S3_ENDPOINT: endpoint })
      await expect(openStore('s3://bucket', options)).rejects.toThrow('not an S3 endpoint')
    },
  )

  it.each(['s3://B', 's3://bucket/.x', 's3://bucket/a//b', 's3://a_b'])('refuse %j', async (url) => {
    await expect(openStore(url, storeOptions(credentials))).rejects.toBeInstanceOf(TypeError)
  })
})
