import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { uploadMemory: 1e6 })
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

afterAll(() => service.close())

const submit = (query = '') => {
  const body = formOf({ prompt: 'p', image: picture, width: 64, height: 64 })
  return request(`${service.url}/v1/img2img${query}`, { method: 'POST', body })
}

/** An upload that announces so many bytes and sends none of them. */
function announce(bytes: number): Socket {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  const head = `POST /v1/img2img HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=x\r\n`
  socket.write(`${head}content-length: ${bytes}\r\n\r\n`)
  return socket
}

it('waits with an upload until there is room for it in memory', async () => {
  const stalled = announce(1e6)
  await sleep(200)
  let answered = false
  const waiting = submit().then((answer) => {
    answered = true
    return answer
  })
  await sleep(500)
  expect(answered).toBe(false)
  stalled.destroy()
  expect((await waiting).status).toBe(202)
})

it('refuses an upload for which there is no room within ten seconds', async () => {
  const stalled = announce(1e6)
  await sleep(200)
  const answer = await submit()
  expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'overloaded', '10'])
  stalled.destroy()
})

it('holds no room while a client waits for the end of its job', async () => {
  // Nobody paints: each of these waits.
  const long = Array.from({ length: 50 }, () => submit('?wait=2'))
  await sleep(1000)
  const full = announce(1e6)
  await sleep(200)
  full.destroy()
  expect((await submit()).status).toBe(202)
  expect((await Promise.all(long)).map(({ status }) => status)).toEqual(long.map(() => 202))
})
