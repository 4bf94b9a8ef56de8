import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { listen } from '../testing/listen.ts'
import { serveInLine } from './serve-in-line.ts'

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

function open(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => {})
}

describe('requests that one connection pipelines', () => {
  it('are begun one after another, and answered in their order', async () => {
    let running = 0
    const begun: string[] = []
    const port = await listen(
      createServer(
        serveInLine((request, response) => {
          expect(++running).toBe(1)
          begun.push(request.url ?? '')
          setTimeout(() => {
            running--
            response.end(`<${request.url}>`)
          }, 5)
        }),
      ),
    )
    const socket = open(port)
    const paths = Array.from({ length: 30 }, (_, i) => `/${i}`)
    socket.write(paths.map(get).join(''))
    let text = ''
    for await (const chunk of socket) {
      text += chunk
      if (text.includes('</29>')) break
    }
    expect(text.match(/<\/\d+>/g)).toEqual(paths.map((path) => `<${path}>`))
    expect(begun).toEqual(paths)
  })

  it('do not pile up answers for a client that reads none', async () => {
    let begun = 0
    const large = Buffer.alloc(10_000_000)
    const port = await listen(
      createServer(
        serveInLine((_request, response) => {
          begun++
          response.end(large)
        }),
      ),
    )
    const socket = open(port).pause()
    socket.write(get('/').repeat(40))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(begun).toBe(1)
  })

  it('are cut off when their heads take much', async () => {
    let begun = 0
    const port = await listen(createServer(serveInLine(() => begun++)))
    const socket = open(port)
    const fat = `GET / HTTP/1.1\r\nHost: x\r\nX-Fat: ${'x'.repeat(15_000)}\r\n\r\n`
    socket.write(get('/') + fat.repeat(2))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(socket.closed).toBe(false)
    socket.write(fat)
    await once(socket, 'close')
    expect(begun).toBe(1)
  })

  it('are cut off when they are too many, and others are served', async () => {
    let begun = 0
    const port = await listen(
      createServer(
        serveInLine((_request, response) => {
          begun++
          setTimeout(() => response.end('x'), 20)
        }),
      ),
    )
    const socket = open(port)
    socket.write(get('/').repeat(1500))
    await once(socket, 'close')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(begun).toBe(1)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('x')
  })
})
