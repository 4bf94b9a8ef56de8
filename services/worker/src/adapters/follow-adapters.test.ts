import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { writeZeros } from '../testing/zero-weights.ts'
import { type FoundAdapters, findAdapters } from './find-adapters.ts'
import { followAdapters } from './follow-adapters.ts'

let dir: string
let adapters: FoundAdapters
let warnings: string[]
let stop: () => Promise<void>
const onChange = vi.fn()
const onError = vi.fn()
const path = (name: string) => join(dir, `embeddings/${name}.safetensors`)
const names = () => [...adapters.embeddings.keys()]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-follow-'))
  warnings = []
  await mkdir(join(dir, 'embeddings'))
  await writeZeros(path('first'), { emb_params: [3, 48] })
  const read = () => findAdapters(dir, [], (message) => warnings.push(message))
  onChange.mockReset()
  ;({ adapters, stop } = await followAdapters({ dir, read, onChange, onError, everyMs: 20 }))
})
afterEach(async () => {
  await stop()
  expect(onError).not.toHaveBeenCalled()
  await rm(dir, { recursive: true, force: true })
})

it('finds what is put in, and leaves out what is taken away, while it runs', async () => {
  expect(names()).toEqual(['first'])
  await writeZeros(path('second'), { emb_params: [1, 48] })
  await expect.poll(names).toEqual(['first', 'second'])
  expect(adapters.entries).toHaveLength(2)
  await rm(path('first'))
  await expect.poll(names).toEqual(['second'])
  await stop()
  const told = onChange.mock.calls.length
  await writeFile(path('third'), '')
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(onChange).toHaveBeenCalledTimes(told)
})

it('reads a file that was spoiled and mended under the same name', async () => {
  await truncate(path('first'), 10)
  await expect.poll(names).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/^the embedding "first" is left out: /)])
  await writeZeros(path('first'), { emb_params: [2, 48] })
  await expect.poll(names).toEqual(['first'])
})

it('reads nothing anew while nothing changes', async () => {
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(onChange).not.toHaveBeenCalled()
})
