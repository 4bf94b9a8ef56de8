import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listLibraries, unpackLibraries } from './unpack.mjs'
import { type ZipEntry, zip } from './zip.testing.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pentimento-wheel-'))
  mkdirSync(join(dir, 'out'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const cublas: ZipEntry = { name: 'nvidia/cu13/lib/libcublas.so.13', content: Buffer.alloc(100_000, 'cublas') }
const blas = { path: cublas.name, bytes: 100_000 }

function wheel(...entries: ZipEntry[]): string {
  const file = join(dir, 'a.whl')
  writeFileSync(file, zip(entries))
  return file
}

const unpack = (file: string, libraries = [blas]) => unpackLibraries(file, libraries, join(dir, 'out'))

describe('listLibraries', () => {
  it('lists shared libraries, and neither Python modules nor links', async () => {
    const file = wheel(
      cublas,
      { name: 'onnxruntime/capi/onnxruntime_pybind11_state.so', content: Buffer.from('x') },
      { name: 'nvidia/lib/libcublas.so', content: Buffer.from('libcublas.so.13'), mode: 0o120777 },
      { name: 'nvidia/lib/libcublas.so.txt', content: Buffer.from('x') },
    )
    expect(await listLibraries(file)).toEqual([blas])
  })
})

describe('unpackLibraries', () => {
  it('writes what is asked for, and nothing else, into one folder', async () => {
    await unpack(wheel({ name: 'nvidia/__init__.py', content: Buffer.from('x') }, cublas))
    expect(readdirSync(join(dir, 'out'))).toEqual(['libcublas.so.13'])
    expect(readFileSync(join(dir, 'out/libcublas.so.13'))).toEqual(cublas.content)
  })

  it.each<[string, ZipEntry[], RegExp]>([
    ['larger than it should be', [{ ...cublas, content: Buffer.alloc(100_001) }], /is not the file it should be/],
    ['larger than it says', [{ ...cublas, content: Buffer.alloc(200_000), claimedBytes: 100_000 }], /too many bytes/],
    ['smaller than it says', [{ ...cublas, content: Buffer.alloc(50), claimedBytes: 100_000 }], /not enough bytes/],
    ['a link', [{ ...cublas, mode: 0o120777 }], /is not the file it should be/],
    ['there twice', [cublas, cublas], /is not the file it should be/],
    ['missing', [{ name: 'nvidia/cu13/lib/libcudart.so.13', content: Buffer.from('x') }], /is not in the wheel/],
    [
      'beside a path that leads out',
      [{ name: '../escaped.so', content: Buffer.from('x') }, cublas],
      /invalid relative path/,
    ],
    ['beside an absolute path', [{ name: '/tmp/escaped.so', content: Buffer.from('x') }, cublas], /absolute path/],
  ])('refuses a wheel whose library is %s', async (_, entries, message) => {
    await expect(unpack(wheel(...entries))).rejects.toThrow(message)
    expect(readdirSync(dir).toSorted()).toEqual(['a.whl', 'out'])
  })

  it('refuses what is no archive, or cut short', async () => {
    const file = wheel(cublas)
    writeFileSync(file, readFileSync(file).subarray(0, -40))
    await expect(unpack(file)).rejects.toThrow(/end of central directory/i)
  })

  it('writes through no link that lies in the folder', async () => {
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'out/libcublas.so.13'))
    await expect(unpack(wheel(cublas))).rejects.toThrow(/EEXIST/)
    expect(readdirSync(dir)).not.toContain('elsewhere')
  })
})
