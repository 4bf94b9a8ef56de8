import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { startServer } from './testing/origin.ts'
import { formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer
const keys: Record<string, string> = {}

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { uploadMemory: 1e6, auth: 'keys' })
  // Noise, of 120 kB: room is asked for by pieces of up to 64 kB, and less than one may be left where one waits.
  const data = new Uint8Array(randomBytes(200 * 200 * 3))
  picture = await encode({ width: 200, height: 200, data }, { format: 'png', quality: 90, metadata: null })
  for (const tenant of ['attacker', 'neighbour']) {
    const created = await service.state.tenants.createKey({ tenant, scopes: ['submit', 'read'], limits: {} })
    keys[tenant] = created.token
  }
})

afterAll(() => service.close())

const headersOf = (tenant: string) => ({ authorization: `Bearer ${keys[tenant]}` })

const submit = (tenant: string, fields: Parameters<typeof formOf>[0] = { image: picture }, query = '') => {
  const body = formOf({ prompt: 'p', width: 64, height: 64, ...fields })
  return request(`${service.url}/v1/img2img${query}`, { method: 'POST', body, headers: headersOf(tenant) })
}

/** An upload that announces 20 MB and sends so many bytes of them. */
function begin(tenant: string, bytes: number, path = '/v1/img2img', type = 'multipart/form-data; boundary=x'): Socket {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys[tenant]}\r\ncontent-type: ${type}\r\n`
  socket.write(`${head}content-length: 20000000\r\n\r\n--x\r\ncontent-disposition: form-data; name="image"\r\n\r\n`)
  socket.write(Buffer.alloc(bytes, 'x'))
  return socket
}

it('holds nothing for what is announced and not sent', async () => {
  const idle = Array.from({ length: 40 }, () => begin('attacker', 0))
  await sleep(200)
  expect((await submit('attacker')).status).toBe(202)
  for (const socket of idle) socket.destroy()
})

it('lets a tenant whose share is full wait, and nobody else', async () => {
  const stalled = Array.from({ length: 4 }, () => begin('attacker', 400_000))
  await sleep(500)
  const began = performance.now()
  expect((await submit('neighbour')).status).toBe(202)
  expect(performance.now() - began).toBeLessThan(2000)
  let answered = false
  const waiting = submit('attacker').finally(() => {
    answered = true
  })
  await sleep(1000)
  expect(answered).toBe(false)
  for (const socket of stalled) socket.destroy()
  expect((await waiting).status).toBe(202)
})

it.each([
  ['/v1/img2img', 'application/json'],
  ['/v1/images/edits', 'multipart/form-data; boundary=x'],
  ['/v1/images/edits', 'application/json'],
  ['/sdapi/v1/img2img', 'application/json'],
  ['/replicate/v1/predictions', 'application/json'],
  ['/replicate/v1/files', 'multipart/form-data; boundary=x'],
])('has one room for bodies of every API: %s, %s', async (path, type) => {
  const beginOne = () => begin('attacker', 400_000, path, type)
  let stalled = [beginOne(), beginOne()]
  let waiting: ReturnType<typeof submit> | undefined
  const submitted = async () => {
    // On a machine that is very busy one may have been given up for its slowness.
    stalled = stalled.map((socket) => (socket.closed ? beginOne() : socket))
    waiting = submit('attacker')
    return Promise.race([waiting.then(() => 'answered'), sleep(400).then(() => 'waits')])
  }
  // As soon as the others' bytes have been read.
  await expect.poll(submitted).toBe('waits')
  for (const socket of stalled) socket.destroy()
  expect((await waiting)?.status).toBe(202)
})

it('gives a sender up that is slower than 8 kB a second', async () => {
  const slow = begin('attacker', 20_000)
  let answer = ''
  slow.on('data', (chunk) => {
    answer += chunk
  })
  const began = performance.now()
  await new Promise((resolve) => slow.once('close', resolve))
  expect(answer).toMatch(/^HTTP\/1.1 408 [\s\S]*connection: close[\s\S]*slower than 80000 bytes in 10 seconds/)
  expect(performance.now() - began).toBeLessThan(14_000)
})

it('counts what comes from an image_url, and fetches a few at once for each tenant', async () => {
  const origin = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/png' })
    // The rest never comes.
    response.write(Buffer.alloc(20_000, 'x'))
  })
  const stalled = Array.from({ length: 30 }, () => submit('attacker', { image_url: `${origin.url}/a.png` }))
  await expect.poll(() => origin.open()).toBe(8)
  const began = performance.now()
  expect((await submit('neighbour')).status).toBe(202)
  expect(performance.now() - began).toBeLessThan(2000)
  // 8 are fetched, 16 wait, the others are refused at once.
  const refused = await Promise.race(stalled)
  expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited'])
  await origin.close()
  const ended = await Promise.all(stalled)
  expect(ended.filter(({ status }) => status === 429).length).toBe(6)
})

it('holds no room while a client waits for the end of its job', async () => {
  // Nobody paints: each of these waits.
  const long = Array.from({ length: 50 }, () => submit('attacker', { image: picture }, '?wait=2'))
  await sleep(1000)
  const large = begin('attacker', 480_000)
  await sleep(200)
  large.destroy()
  expect((await Promise.all(long)).map(({ status }) => status)).toEqual(long.map(() => 202))
})
