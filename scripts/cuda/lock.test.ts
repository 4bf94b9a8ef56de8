import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { namedLibraries, PROVIDER, readLock } from './lock.mjs'

const lock = readLock()

it('holds the provider of exactly the onnxruntime-node that the pipeline imports', () => {
  const require = createRequire(new URL('../../packages/pipeline/package.json', import.meta.url))
  const { version } = JSON.parse(readFileSync(require.resolve('onnxruntime-node/package.json'), 'utf8'))
  expect(lock.onnxruntime).toBe(version)
  expect(lock.wheels[0]).toMatchObject({ name: PROVIDER, version })
})

it('names each file by its hash, for Linux on x64, with libraries whose paths stay inside', () => {
  for (const { file, sha256, bytes, libraries } of lock.wheels) {
    expect(file).toMatch(/^[\w.]+-[\w.]+-\w+-\w+-manylinux[\w.]*x86_64\.whl$/)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(bytes).toBeGreaterThan(1e6)
    expect(libraries.length).toBeGreaterThan(0)
    for (const { path } of libraries) expect(path).toMatch(/^(\w+\/)+lib[\w-]+\.so[.\d]*$/)
  }
})

it('brings every library that the provider asks for by name', () => {
  // Those it is linked with (readelf -d), then those it opens itself.
  const linked = ['libcublasLt.so.13', 'libcublas.so.13', 'libcurand.so.10', 'libcudart.so.13']
  const opened = ['libcudnn.so.9', 'libnvrtc.so.13']
  expect(namedLibraries(lock.wheels).toSorted()).toEqual([...linked, ...opened].toSorted())
})
