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

it('says when its port is taken', async () => {
  server = await startHealthServer({ host: '127.0.0.1', port: 0 }, () => ({ ready: true, detail: {} }), scrape)
  const second = startHealthServer(
    { host: '127.0.0.1', port: server.port },
    () => ({ ready: true, detail: {} }),
    scrape,
  )
  await expect(second).rejects.toThrow('EADDRINUSE')
})
