import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { type HealthServer, startHealthServer } from './health.ts'

let server: HealthServer | undefined
afterEach(() => server?.close())
const scrape = async () => 'a_total 1\n'

it('tells alive from ready', async () => {
  let ready = false
  server = await startHealthServer(
    { host: '127.0.0.1', port: 0 },
    () => ({ ready, detail: { engine: 'starting' } }),
    scrape,
  )
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(`http://127.0.0.1:${server?.port}${path}`, { method })
    return [answer.status, await answer.text()]
  }
  expect(await ask('/livez')).toEqual([200, '{"status":"alive"}'])
  expect(await ask('/readyz')).toEqual([503, '{"status":"not ready","engine":"starting"}'])
  ready = true
  expect(await ask('/readyz?verbose')).toEqual([200, '{"status":"ready","engine":"starting"}'])
  expect(await ask('/readyz', 'HEAD')).toEqual([200, ''])
  expect((await ask('/readyz', 'POST'))[0]).toBe(405)
  expect(await ask('/metrics')).toEqual([200, 'a_total 1\n'])
  expect((await ask('/'))[0]).toBe(404)
})

it('answers on loopback to loopback names alone, so that no page with a name of its own reads it', async () => {
  const asked = async (host: string) => {
    const sent = request({ port: server?.port, host: '127.0.0.1', path: '/metrics', headers: { host } }).end()
    const [answer] = await once(sent, 'response')
    answer.resume()
    return answer.statusCode
  }
  const ready = () => ({ ready: true, detail: {} })
  server = await startHealthServer({ host: '127.0.0.1', port: 0 }, ready, scrape)
  for (const host of ['localhost:8081', '127.0.0.1', '[::1]:8081']) expect(await asked(host), host).toBe(200)
  for (const host of ['evil.example', 'worker:8081', '10.0.0.5', 'a b']) expect(await asked(host), host).toBe(421)
  await server.close()
  server = await startHealthServer({ host: '0.0.0.0', port: 0 }, ready, scrape)
  for (const host of ['worker:8081', '10.0.0.5']) expect(await asked(host), host).toBe(200)
})

it('says when its port is taken', async () => {
  server = await startHealthServer({ host: '127.0.0.1', port: 0 }, () => ({ ready: true, detail: {} }), scrape)
  const second = startHealthServer(
    { host: '127.0.0.1', port: server.port },
    () => ({ ready: true, detail: {} }),
    scrape,
  )
  await expect(second).rejects.toThrow('EADDRINUSE')
})
