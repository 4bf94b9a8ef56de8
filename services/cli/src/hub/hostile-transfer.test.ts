import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { files, HostileHub } from '../testing/hostile-hub.ts'
import { commit, type ListedFile } from '../testing/local-hub.ts'

const hub = new HostileHub()
const weights = files['unet/model.onnx_data'] ?? Buffer.alloc(0)
const of = (path: string, change: (entry: ListedFile) => unknown) => ({
  entry: (entry: ListedFile) => (entry.path === path ? change(entry) : entry),
})
const unet = 'unet/model.onnx'

describe('a transfer', () => {
  /** Announces one byte and sends without end, at most 40 MB; says how much was taken. */
  const flood = (headers: Record<string, string>) => {
    let sent = 0
    const answer = (path: string, _request: IncomingMessage, response: ServerResponse) => {
      if (!path.endsWith(encodeURIComponent('unet/model.onnx_data')) && !path.endsWith('unet/model.onnx')) return false
      response.writeHead(200, headers)
      const more = () => {
        while (sent < 40_000_000) {
          sent += 64_000
          if (!response.write(Buffer.alloc(64_000, 1))) return
        }
        response.end()
      }
      response.on('drain', more)
      more()
      return true
    }
    return { answer, sent: () => sent }
  }

  it.each([
    ['without a length', {}],
    ['with a length of its own', { 'content-length': '400000000' }],
  ])('%s stops at the announced size', async (_, headers) => {
    const { answer, sent } = flood(headers)
    const says = await hub.refused({
      answer,
      entry: (entry) => (entry.path.startsWith('unet/') ? { ...entry, size: 1, lfs: undefined } : entry),
    })
    expect(says).toMatch(
      /unet\/model\.onnx: (more comes than the 1 bytes|"400000000" bytes follow, and 1 were announced)/,
    )
    expect(await hub.kept()).toBeLessThan(10_000)
    expect(sent()).toBeLessThan(20_000_000)
  })

  it('that is shorter than announced is no file', async () => {
    const longer = of(unet, (entry) => ({ ...entry, size: 950 }))
    expect(await hub.refused(longer)).toMatch(/unet\/model\.onnx: another part comes than the one that was asked for/)
    await hub.close()
    expect(await hub.refused({ ...longer, noRanges: true })).toMatch(/"900" bytes follow, and 950 were announced/)
    await hub.close()
    const answer = (path: string, _request: IncomingMessage, response: ServerResponse) => {
      if (!path.endsWith('/unet/model.onnx')) return false
      // In pieces, so that nothing announces a length.
      response.writeHead(200)
      response.write(files[unet])
      response.end()
      return true
    }
    expect(await hub.refused({ ...longer, answer })).toMatch(/unet\/model\.onnx: gave up after 2 attempts/)
  })

  it.each([
    ['of another place', 'bytes 100-899/900'],
    ['of a larger file', 'bytes 0-899/900000'],
    ['beyond its end', 'bytes 0-999999/900'],
    ['of nothing', ''],
  ])('whose range is %s is refused', async (_, range) => {
    const answer = (path: string, _request: IncomingMessage, response: ServerResponse) => {
      if (!path.endsWith('/unet/model.onnx')) return false
      response.writeHead(206, { 'content-range': range }).end(files[unet])
      return true
    }
    expect(await hub.refused({ answer })).toMatch(/unet\/model\.onnx: another part comes/)
  })

  it('that resumes in the wrong place is refused, and in the right one after parts of any size', async () => {
    let asked = 0
    const answer = (path: string, request: IncomingMessage, response: ServerResponse) => {
      if (!path.endsWith(encodeURIComponent('unet/model.onnx_data'))) return false
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1])
      const part = weights.subarray(from, from + 70_000)
      asked++
      response
        .writeHead(206, { 'content-range': `bytes ${from}-${from + part.length - 1}/${weights.length}` })
        .end(part)
      return true
    }
    const dir = await hub.pull({ answer })
    expect(asked).toBe(3)
    expect(await readFile(join(dir, 'unet/model.onnx_data'))).toEqual(weights)
  })

  const bomb = gzipSync(Buffer.alloc(30_000_000))
  const packed =
    (where: string, encoding: string) => (path: string, _request: IncomingMessage, response: ServerResponse) => {
      if (!path.includes(where)) return false
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb)
      return true
    }

  it.each(['gzip', 'br', 'deflate'])('that is packed (%s) is refused', async (encoding) => {
    const says = await hub.refused({ answer: packed('/resolve/', encoding) })
    expect(says).toMatch(/in an encoding that was not asked for/)
  })

  it('of a listing is read to its limit, counted as it is unpacked', async () => {
    expect(await hub.refused({ answer: packed('/tree/', 'gzip') })).toMatch(/more than 16 MB/)
  })

  it('with the announced size and other contents is thrown away', async () => {
    const says = await hub.refused(
      of(unet, (entry) => ({ ...entry, oid: createHash('sha1').update('x').digest('hex') })),
    )
    expect(says).toMatch(/do not have the announced hash/)
    const empty = Object.fromEntries(Object.keys(files).map((path) => [path, Buffer.alloc(0)]))
    await hub.close()
    expect(await hub.refused({ files: empty, large: [], entry: (entry) => ({ ...entry, oid: commit }) })).toMatch(
      /hash/,
    )
  })
})
