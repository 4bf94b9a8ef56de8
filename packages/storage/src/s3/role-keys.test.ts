import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keys, openStore, StorageUnavailable } from '../index.ts'
import { type S3Server, startS3Server } from '../testing/index.ts'
import type { S3Role } from './s3-options.ts'

const region = 'eu-test-1'
const sessionToken = 'of+a/role='
const roleArn = 'arn:aws:iam::123456789012:role/pentimento'
const input = keys.inputKey('default', `job_${'a'.repeat(26)}`, 'image.png')

/** What the token service and the container's endpoint were asked, by path and query. */
const asked: { url: string; authorization: string | undefined; form: URLSearchParams }[] = []
/** The token that is good, and how long keys are. */
const issuing = { token: 'first', seconds: 3600 }

let s3: S3Server
let dir: string
const issuer = createServer(async (request, response) => {
  const form = new URLSearchParams(await textOf(request))
  const { url = '', headers } = request
  asked.push({ url, authorization: headers.authorization, form })
  const { accessKeyId, secretAccessKey } = s3.options
  const expiration = new Date(Date.now() + issuing.seconds * 1000).toISOString()
  if (url === '/credentials') {
    if (headers.authorization !== issuing.token) return void response.writeHead(401).end('{}')
    const body = {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: expiration,
    }
    return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const xml = (status: number, body: string) => response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
  const isRight =
    form.get('Action') === 'AssumeRoleWithWebIdentity' &&
    form.get('RoleArn') === roleArn &&
    form.get('RoleSessionName') === 'api-1' &&
    form.get('WebIdentityToken') === issuing.token
  const ns = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
  const refusal = '<Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>no</Message></Error>'
  if (!isRight) return void xml(400, `<ErrorResponse ${ns}>${refusal}</ErrorResponse>`)
  xml(
    200,
    `<AssumeRoleWithWebIdentityResponse ${ns}><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
  )
})

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

beforeAll(async () => {
  s3 = await startS3Server({ region, sessionToken })
  dir = await mkdtemp(join(tmpdir(), 'pentimento-role-'))
  issuer.listen(0, '127.0.0.1')
  await once(issuer, 'listening')
})

beforeEach(async () => {
  asked.length = 0
  Object.assign(issuing, { token: 'first', seconds: 3600 })
  await writeFile(join(dir, 'token'), 'first\n')
})

afterAll(async () => {
  issuer.closeAllConnections()
  issuer.close()
  await Promise.all([s3.stop(), rm(dir, { recursive: true })])
})

const origin = () => `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`
const tokenFile = () => join(dir, 'token')

function open(role: S3Role) {
  const { endpoint } = s3.options
  return openStore(`s3://${s3.bucket}/roles`, { s3: { region, endpoint, role }, timeoutMs: 2_000, deadlineMs: 3_000 })
}

const roles: Record<string, () => S3Role> = {
  'a web identity': () => ({
    kind: 'web-identity',
    roleArn,
    tokenFile: tokenFile(),
    sessionName: 'api-1',
    endpoint: origin(),
  }),
  'a container': () => ({ kind: 'container', fullUri: `${origin()}/credentials`, tokenFile: tokenFile() }),
}

describe.each(Object.entries(roles))('the role of %s', (_, role) => {
  it('opens the bucket, and its keys are asked for once', async () => {
    const store = await open(role())
    expect(await store.put(input, Buffer.from('picture'), { contentType: 'image/png' })).toBe('stored')
    await store.check()
    expect(Buffer.from((await store.read(input)) ?? []).toString()).toBe('picture')
    expect(asked).toHaveLength(1)
  })

  it('is renewed before its keys end, with the token that is in the file by then', async () => {
    issuing.seconds = 1.2
    const store = await open(role())
    await store.check()
    expect(asked).toHaveLength(1)
    Object.assign(issuing, { token: 'second', seconds: 3600 })
    await writeFile(tokenFile(), 'second')
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await store.check()
    await expect.poll(() => asked.length).toBe(2)
    await store.check()
    const last = asked.at(-1)
    expect(last?.form.get('WebIdentityToken') ?? last?.authorization).toBe('second')
  })

  it('that is refused leaves the store unavailable, and says so without the token', async () => {
    issuing.token = 'another'
    const store = await open(role())
    const error = await store.check().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StorageUnavailable)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('first')
  })

  it('fails in time when nobody answers', async () => {
    const nobody = 'http://127.0.0.1:9'
    const one = role()
    const away = one.kind === 'container' ? { ...one, fullUri: `${nobody}/credentials` } : { ...one, endpoint: nobody }
    const begun = performance.now()
    await expect((await open(away)).check()).rejects.toBeInstanceOf(StorageUnavailable)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })
})
