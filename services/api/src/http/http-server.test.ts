import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { listen } from '../testing/listen.ts'
import { createConnectionRoom } from './connection-room.ts'
import { GatheredMessage } from './gathered-message.ts'
import { createHttpServer } from './http-server.ts'
import { serveInLine } from './serve-in-line.ts'
import { watchStalledReaders } from './stalled-readers.ts'

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  // One that is not read does not tell of its end.
  socket.resume()
  await once(socket, 'connect')
  return socket
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** Of a connection of its own; null when it is cut. */
function ask(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    request({ port, host: '127.0.0.1', agent: false }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', () => resolve(null))
      .end()
  })
}

describe('connections', () => {
  async function start(limits: { total: number; perAddress: number }): Promise<number> {
    const room = createConnectionRoom(limits)
    const serve = serveInLine(
      (asked, response) => {
        if (asked.url === '/hold') response.write('x')
        else response.end('x')
      },
      [room],
    )
    const server = createServer(serve)
    room.watch(server)
    return listen(server)
  }

  it.each([
    { total: 100, perAddress: 3 },
    { total: 3, perAddress: 100 },
  ])(
    'make way when there are too many ($perAddress of an address, $total in all): the longest idle first',
    async (limits) => {
      const port = await start(limits)
      const [first, second, third] = [await open(port), await open(port), await open(port)]
      // A request makes a connection the latest to be idle.
      first.write(get('/'))
      await once(first, 'data')
      const fourth = await open(port)
      await expect.poll(() => second.closed).toBe(true)
      expect(await ask(port)).toBe(200)
      await expect.poll(() => third.closed).toBe(true)
      expect([first.closed, fourth.closed]).toEqual([false, false])
    },
  )

  it('on which requests are served stay, and what comes is cut until one of them ends', async () => {
    const port = await start({ total: 100, perAddress: 3 })
    const held = [await open(port), await open(port), await open(port)]
    for (const socket of held) {
      socket.write(get('/hold'))
      await once(socket, 'data')
    }
    expect(await ask(port)).toBe(null)
    held[0]?.destroy()
    await expect.poll(() => ask(port)).toBe(200)
  })
})

describe('turns', () => {
  it('are not waited for by a probe, whose connection is new', async () => {
    const begun: string[] = []
    const server = createHttpServer(({ url = '' }, response) => {
      begun.push(url)
      const end = performance.now() + 5
      while (performance.now() < end);
      response.end()
    })
    let came = 0
    server.on('connection', () => came++)
    const port = await listen(server)
    const sockets = await Promise.all(Array.from({ length: 50 }, () => open(port)))
    const probe = await open(port)
    await expect.poll(() => came, { timeout: 5000 }).toBe(51)
    for (const socket of sockets) socket.write(get('/'))
    probe.write(get('/livez'))
    await once(probe, 'data')
    expect(begun.indexOf('/livez')).toBeLessThan(25)
    server.close().closeAllConnections()
  })
})

describe('readers', () => {
  it('who do not read are cut, whether the answer is written or still being read from elsewhere; others may be slow', async () => {
    const readers = watchStalledReaders({ stillMs: 60_000, stalledMs: 1500, everyMs: 50 })
    const large = Buffer.alloc(30_000_000)
    const cut: string[] = []
    const serve = serveInLine(
      ({ url = '' }, response) => {
        response.once('close', () => cut.push(url))
        if (url === '/waits') response.write('x')
        else if (url === '/streamed') response.write(large)
        else response.end(large)
      },
      [readers],
    )
    const port = await listen(createServer(serve))
    const paths = ['/written', '/streamed', '/waits', '/sipped']
    const sockets = await Promise.all(paths.map(() => open(port)))
    for (const [i, socket] of sockets.entries()) socket.pause().write(get(paths[i] ?? ''))
    // A little now and then: what it takes by then is far from everything.
    sockets[3]?.on('data', () => {
      sockets[3]?.pause()
      setTimeout(() => sockets[3]?.resume(), 10)
    })
    sockets[3]?.resume()
    await sleep(4000)
    readers.stop()
    expect(cut.sort()).toEqual(['/streamed', '/written'])
  })
})

describe('bodies', () => {
  async function pieces(body: string): Promise<{ text: string; count: number }> {
    const done = Promise.withResolvers<{ text: string; count: number }>()
    const server = createServer({ IncomingMessage: GatheredMessage }, async (asked, response) => {
      const all: string[] = []
      for await (const piece of asked) all.push(String(piece))
      done.resolve({ text: all.join(''), count: all.length })
      response.end()
    })
    const socket = await open(await listen(server))
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`)
    return done.promise
  }

  it('of tiny chunks come in few pieces, whole and in order', async () => {
    const chunks = Array.from({ length: 300_000 }, (_, i) => `1\r\n${i % 10}\r\n`)
    const { text, count } = await pieces(chunks.join(''))
    expect(text).toBe('0123456789'.repeat(30_000))
    expect(count).toBeLessThan(300)
  })

  it('of chunks of all sizes stay as they were sent', async () => {
    const parts = [1, 5000, 3, 1023, 1024, 1, 1, 70_000, 2].map((size, i) => String(i).repeat(size))
    const { text } = await pieces(parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join(''))
    expect(text).toBe(parts.join(''))
  })

  it('that nobody reads take little more than their bytes', async () => {
    const held: GatheredMessage[] = []
    const port = await listen(
      createServer({ IncomingMessage: GatheredMessage }, (asked) => held.push(asked as GatheredMessage)),
    )
    const socket = await open(port)
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(60_000)}`)
    await expect.poll(() => held[0]?.readableLength ?? 0).toBeGreaterThan(5000)
    const { buffer } = (held[0] as unknown as { _readableState: { buffer: unknown[] } })._readableState
    expect(buffer.length).toBeLessThan(50)
  })
})
