import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { setImmediate as pass } from 'node:timers/promises'
import fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listen } from './listen.ts'

async function start(port = 0) {
  const app = fastify()
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  app.get('/', () => 'here')
  app.get('/slow', async () => {
    await held
    return 'at last'
  })
  const close = await listen(app as never, { host: '127.0.0.1', port })
  onTestFinished(async () => {
    goOn()
    await close().catch(() => {})
  })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { app, close, goOn, port: address.port }
}

describe.runIf(process.platform === 'linux')('listen', () => {
  it('takes many who come together in a part of as many passes of the event loop', async () => {
    const { app, port } = await start()
    let came = 0
    app.server.on('connection', () => came++)
    const sockets = Array.from({ length: 400 }, () => connect(port, '127.0.0.1').on('error', () => {}))
    let passes = 0
    for (; came < sockets.length && passes < 2000; passes++) await pass()
    for (const socket of sockets) socket.destroy()
    expect(came).toBe(400)
    expect(passes).toBeLessThan(200)
  })

  it('serves every one of them', async () => {
    const { port } = await start()
    const answers = Array.from({ length: 40 }, async () => (await fetch(`http://127.0.0.1:${port}/`)).text())
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['here']))
  })

  it('refuses an address at which another one listens', async () => {
    const { port } = await start()
    await expect(start(port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('ends when the last answer has left, whichever socket it came by', async () => {
    const { close, goOn, port } = await start()
    const agent = false
    const asked = Array.from({ length: 16 }, () => request({ port, host: '127.0.0.1', path: '/slow', agent }).end())
    const answers = asked.map(async (one) => (await once(one, 'response'))[0].statusCode)
    await Promise.all(asked.map((one) => once(one, 'socket').then(([socket]) => once(socket, 'connect'))))
    for (let i = 0; i < 50; i++) await pass()
    let ended = false
    const ending = close().then(() => {
      ended = true
    })
    for (let i = 0; i < 50; i++) await pass()
    expect(ended).toBe(false)
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
    goOn()
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]))
    await ending
  })
})
