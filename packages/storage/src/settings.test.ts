import { readSettings } from '@pentimento/contracts'
import { describe, expect, it } from 'vitest'
import { openStore, storageSettings } from './index.ts'

const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }
const read = (env: Record<string, string>) => readSettings({ storage: storageSettings }, env).storage

describe('the storage settings', () => {
  it('are a folder below DATA_DIR where nothing is said', () => {
    expect(read({ DATA_DIR: '/srv/a b' })).toEqual({
      dataDir: '/srv/a b',
      url: 'file:///srv/a%20b/storage',
      s3: undefined,
    })
    expect(read({ DATA_DIR: '/srv', STORAGE_URL: 'file:///pictures' }).url).toBe('file:///pictures')
    expect(read({ DATA_DIR: 'here' }).dataDir).toBe(`${process.cwd()}/here`)
  })

  it('are empty without credentials, which s3:// then asks for', async () => {
    expect(read({ S3_ENDPOINT: 'http://host:9000', AWS_ACCESS_KEY_ID: '' }).s3).toBe(undefined)
    expect(() => read({ STORAGE_URL: 's3://bucket' })).toThrow(/^STORAGE_URL: s3:\/\/ needs AWS_ACCESS_KEY_ID/)
    await expect(openStore('s3://bucket')).rejects.toThrow('AWS_ACCESS_KEY_ID')
  })

  it('take everything that the environment says', () => {
    const env = { ...credentials, S3_ENDPOINT: 'http://host:9000/', S3_REGION: 'eu-west-1', AWS_REGION: 'us-west-2' }
    const more = {
      S3_ADDRESSING: 'virtual',
      AWS_SESSION_TOKEN: 'token',
      S3_PUBLIC_ENDPOINT: 'https://pictures.example',
    }
    expect(read({ ...env, ...more }).s3).toEqual({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      endpoint: 'http://host:9000',
      publicEndpoint: 'https://pictures.example',
      region: 'eu-west-1',
      addressing: 'virtual',
      sessionToken: 'token',
    })
    expect(read({ ...credentials, AWS_REGION: 'us-west-2' }).s3?.region).toBe('us-west-2')
  })

  it('take the role that a cluster gives, where there are no keys', () => {
    const s3 = { STORAGE_URL: 's3://bucket', AWS_REGION: 'eu-west-1' }
    const identity = { AWS_ROLE_ARN: 'arn:aws:iam::1:role/p', AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token' }
    const endpoint = 'http://169.254.170.23/v1/credentials'
    const container = { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/token' }
    const role = { kind: 'web-identity', roleArn: 'arn:aws:iam::1:role/p', tokenFile: '/var/run/token' }
    expect(read({ ...s3, ...identity, ...container }).s3).toMatchObject({
      region: 'eu-west-1',
      role: { ...role, sessionName: 'pentimento' },
    })
    expect(read({ ...s3, ...container }).s3).toMatchObject({
      role: { kind: 'container', fullUri: endpoint, tokenFile: '/token' },
    })
    expect(read({ ...s3, ...credentials, ...identity }).s3).not.toHaveProperty('role')
    expect(() => read({ ...s3, AWS_ROLE_ARN: 'arn' })).toThrow('must be set together with AWS_WEB_IDENTITY_TOKEN_FILE')
  })

  it('refuse half a credential and an unknown style of address', () => {
    expect(() => read({ AWS_ACCESS_KEY_ID: 'key' })).toThrow(
      /^AWS_ACCESS_KEY_ID: must be set together with AWS_SECRET_ACCESS_KEY$/,
    )
    expect(() => read({ AWS_SECRET_ACCESS_KEY: 'hunter2' })).toThrow('must be set together')
    expect(() => read({ ...credentials, S3_ADDRESSING: 'dns' })).toThrow('S3_ADDRESSING: must be path or virtual')
  })

  it.each(['localhost:9000', 'ftp://host', 'http://host/path', 'http://user:hunter2@host'])(
    'refuse %j as an endpoint, and so does who opens the store',
    async (endpoint) => {
      for (const name of ['S3_ENDPOINT', 'S3_PUBLIC_ENDPOINT']) {
        expect(() => read({ [name]: endpoint })).toThrow(
          `${name}: must be an origin such as https://host or http://host:9000`,
        )
        expect(() => read({ [name]: endpoint })).not.toThrow('hunter2')
      }
      const s3 = { accessKeyId: 'key', secretAccessKey: 'secret', endpoint }
      await expect(openStore('s3://bucket', { s3 })).rejects.toThrow('not an S3 endpoint')
    },
  )

  it.each(['s3://B', 's3://bucket/.x', 's3://bucket/a//b', 's3://a_b', 'file://host/x', 'file:///', 'ftp://x/y', 'x'])(
    'refuse %j, and so does who opens the store',
    async (url) => {
      expect(() => read({ ...credentials, STORAGE_URL: url })).toThrow(
        'STORAGE_URL: must be file:///dir or s3://bucket/prefix',
      )
      const s3 = { accessKeyId: 'key', secretAccessKey: 'secret' }
      await expect(openStore(url, { s3 })).rejects.toBeInstanceOf(TypeError)
    },
  )
})
