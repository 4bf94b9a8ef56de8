import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startTestTlsRedis, type TestRedis } from '@pentimento/test-redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openState } from '../index.ts'
import { useEverything } from '../testing/use-everything.ts'

const pem = (name: string) => fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url))
const page = readFileSync(new URL('../../../../docs/redis.md', import.meta.url), 'utf8')
/** As the page gives them. */
const rights = /ACL SETUSER pentimento on >\S+ (.+)$/m.exec(page)?.[1] ?? ''
const client = { ca: pem('ca.crt'), cert: pem('client.crt'), key: pem('client.key') }

let redis: TestRedis
let admin: Redis
let url: string

beforeAll(async () => {
  redis = await startTestTlsRedis(pem('ca.crt'), pem('server.crt'), pem('server.key'))
  const read = (path: string) => readFileSync(path)
  const tls = { ca: read(client.ca), cert: read(client.cert), key: read(client.key) }
  admin = new Redis(redis.url, { tls })
  await admin.call('ACL', 'SETUSER', 'pentimento', 'on', '>p@ss/word', ...rights.split(' '))
  await admin.call('ACL', 'SETUSER', 'default', 'resetkeys', '~none', '-@all', '+acl', '+client')
  url = redis.url.replace('//', `//pentimento:${encodeURIComponent('p@ss/word')}@`)
})

afterAll(async () => {
  admin.disconnect()
  await redis.close()
})

const open = (redisTls: { ca?: string; cert?: string; key?: string }, redisUrl = url) =>
  openState({ redisUrl, redisTls, onError: () => {} })

describe('TLS', () => {
  test.each([
    ['a certificate that another authority signed', { ...client, cert: pem('stranger.crt'), key: pem('stranger.key') }],
    ['no certificate', { ca: client.ca }],
    ['an authority that did not sign the server', { ...client, ca: pem('stranger.crt') }],
  ])('is refused with %s', async (_, files) => {
    await expect(open(files)).rejects.toThrow('no Redis can be reached under REDIS_URL')
  })

  test('names the setting whose file is not there', async () => {
    await expect(open({ ...client, ca: pem('gone.crt') })).rejects.toThrow(
      'the file of REDIS_TLS_CA cannot be read (ENOENT)',
    )
  })
})

test('a user with the rights of docs/redis.md can do all that api and workers do, and nothing else', async () => {
  await admin.call('ACL', 'LOG', 'RESET')
  const told: string[] = []
  const options = { redisUrl: url, redisTls: client, lockMs: 500, stalledMs: 300 }
  const used = useEverything({ ...options, onError: ({ message }) => told.push(message) })
  const failure = await used.then(
    () => null,
    (error: Error) => error.message,
  )
  expect([failure, await admin.call('ACL', 'LOG')]).toEqual([null, []])
  expect(told.filter((message) => message !== 'a fault that is expected')).toEqual([])
  const read = (path: string) => readFileSync(path)
  const other = new Redis(url, { tls: { ca: read(client.ca), cert: read(client.cert), key: read(client.key) } })
  await expect(other.get('elsewhere')).rejects.toThrow('NOPERM')
  await expect(other.flushall()).rejects.toThrow('NOPERM')
  await expect(other.config('GET', '*')).rejects.toThrow('NOPERM')
  other.disconnect()
})

test('a user whom the server does not know is told of without the password', async () => {
  const error = await open(client, url.replace('pentimento:', 'nobody:')).catch((cause) => cause)
  expect(String(error)).toContain('WRONGPASS')
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/p@ss|p%40ss/)
})
