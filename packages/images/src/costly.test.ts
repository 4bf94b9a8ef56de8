import { setTimeout as sleep } from 'node:timers/promises'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sharp } from './codec.ts'
import { decodeMask, decodeRgb, verify } from './decode.ts'
import { insertPngChunks, pngChunk } from './png-chunks.ts'
import { manyChunks, manyScans, plainPng, textBomb } from './testing/costly-pictures.ts'
import { testLimits as limits, testFile } from './testing/pictures.ts'

/** Time of the processor that this thread has taken, ms: what others take on a busy machine is no pause of ours. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** What a promise comes to, how long it takes, and how long the longest pause of the event loop is meanwhile. */
async function watch(task: () => Promise<unknown>): Promise<{ code: string; ms: number; pauseMs: number }> {
  let pauseMs = 0
  let last = threadMs()
  const timer = setInterval(() => {
    const now = threadMs()
    pauseMs = Math.max(pauseMs, now - last)
    last = now
  }, 5)
  const start = performance.now()
  const code = await task().then(
    () => 'accepted',
    (error) => error.code,
  )
  const ms = performance.now() - start
  await sleep(10)
  clearInterval(timer)
  return { code, ms, pauseMs }
}

describe('a costly picture', () => {
  it('of many scans is refused before it is decoded; of the most that are allowed it is soon done', async () => {
    const refused = await watch(() => verify(manyScans(4096, 4096, 883), limits))
    expect(refused).toMatchObject({ code: 'too_many_parts' })
    expect(refused.ms).toBeLessThan(500)
    const allowed = await watch(() => verify(manyScans(4096, 4096, 64), limits))
    expect(allowed.code).toBe('accepted')
    expect(allowed.ms).toBeLessThan(5000)
  })

  it('counts the scans that are hidden behind garbage, restarts and other segments', async () => {
    const file = manyScans(64, 64, 65)
    const scan = Buffer.from([0xff, 0xda])
    const at = file.indexOf(scan, file.indexOf(scan) + 1)
    const hidden = (...bytes: number[]) => Buffer.concat([file.subarray(0, at), Buffer.from(bytes), file.subarray(at)])
    for (const bytes of [[], [0, 1, 2], [0xff, 0xd0], [0xff, 0xff], [0xff, 0x01], [0xff, 0xe5, 0, 4, 0xff, 0xd9]]) {
      expect((await watch(() => verify(hidden(...bytes), limits))).code).toBe('too_many_parts')
    }
  })

  it('of thin strips is refused, either way round, as picture and as mask', async () => {
    for (const [width, height] of [
      [1, 16_800_000],
      [16_800_000, 1],
      [200, 16_385],
      [16_385, 200],
      [1, 65],
    ] as const) {
      const file = plainPng(width, height, 1)
      for (const decode of [verify, decodeRgb] as const)
        expect((await watch(() => decode(file, limits))).code).toBe('bad_shape')
      const mask = await watch(() => decodeMask(file, 'white', limits))
      expect(mask.code).toBe('bad_shape')
      expect(mask.ms).toBeLessThan(1000)
    }
    expect((await watch(() => verify(plainPng(256, 16_384, 1), limits))).code).toBe('accepted')
  })

  it('of very many chunks or segments is refused at once', async () => {
    const webp = await testFile('webp', 64, 64)
    const chunks = Buffer.concat([webp, Buffer.concat(Array(100).fill(Buffer.from('none\0\0\0\0')))])
    chunks.writeUInt32LE(chunks.length - 8, 4)
    const jpeg = await testFile('jpeg', 64, 64)
    const segments = Buffer.concat(Array(2000).fill(Buffer.from([0xff, 0xe1, 0, 2])))
    for (const file of [
      manyChunks(1_700_000),
      chunks,
      Buffer.concat([jpeg.subarray(0, 2), segments, jpeg.subarray(2)]),
    ]) {
      const { code, pauseMs } = await watch(() => verify(file, limits))
      expect(code).toBe('too_many_parts')
      expect(pauseMs).toBeLessThan(500)
    }
  })

  it('with texts that unpack a thousandfold is decoded without them', async () => {
    const bomb = textBomb(50)
    const { code, ms } = await watch(() => verify(bomb, limits))
    expect(code).toBe('accepted')
    expect(ms).toBeLessThan(500)
  })

  it('that unpacks to more than its pixels costs no more than they do', async () => {
    const pixels = deflateSync(Buffer.alloc(200_000_000), { level: 1 })
    const png = plainPng(64, 64, 3)
    const from = png.indexOf('IDAT') - 4
    const file = Buffer.concat([png.subarray(0, from), pngChunk('IDAT', pixels), png.subarray(-12)])
    expect((await watch(() => verify(file, limits))).ms).toBeLessThan(1000)
  })

  it('that runs past the deadline is given up, and its thread is free again', async () => {
    const thin = plainPng(1, 16_800_000, 1)
    const lenient = { ...limits, maxSide: 2 ** 30, maxAspect: 2 ** 30, maxSeconds: 1 }
    const { code, ms } = await watch(() => decodeMask(thin, 'white', lenient))
    expect(code).toBe('too_slow')
    expect(ms).toBeLessThan(3000)
  })

  it('with many pixels to look at pauses the event loop for moments only', async () => {
    const transparent = plainPng(4096, 4096, 4)
    for (const decode of [verify, decodeRgb] as const) {
      const { code, pauseMs } = await watch(() => decode(transparent, limits))
      expect(code).toBe('accepted')
      expect(pauseMs).toBeLessThan(250)
    }
  })
})

it('keeps what says how a PNG looks when its texts are left out', async () => {
  const turned = await sharp(await testFile('png', 30, 20))
    .withMetadata({ orientation: 6 })
    .withIccProfile('p3')
    .png()
    .toBuffer()
  const withText = insertPngChunks(turned, [pngChunk('tEXt', Buffer.from('a\0b'))])
  expect(await decodeRgb(withText, limits)).toEqual(await decodeRgb(turned, limits))
  expect((await decodeRgb(withText, limits)).image).toMatchObject({ width: 20, height: 30 })
})

it('refuses JPEGs of another coding, and says what to do', async () => {
  const jpeg = await testFile('jpeg', 64, 64)
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  for (const change of [
    [1, 0xc3],
    [1, 0xc9],
    [4, 12],
  ] as const) {
    const other = Buffer.from(jpeg)
    other[frame + change[0]] = change[1]
    await expect(verify(other, limits)).rejects.toMatchObject({ code: 'unsupported_format', message: /save it as/ })
  }
})
