import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readFolder } from '../folder/read-folder.ts'
import type { UnetSignature } from '../folder/signature.ts'
import { createDeviceHost } from '../ort/device-host.ts'
import type { RowSession } from '../ort/graph.ts'
import { defaultLimits, openSession, runtimeOver } from '../ort/runtime.ts'
import { branchInputs, canJoin, type UnetRow } from './unet-row.ts'
import { unetRunner } from './unet-runner.ts'

const [height, width] = [4, 6]
const size = { channels: 4, height, width }
const opened: RowSession[] = []

afterAll(async () => {
  for (const session of opened) await session.release()
})

async function open(name: string): Promise<{ session: RowSession; signature: UnetSignature }> {
  const { unet, parts } = await readFolder(
    fileURLToPath(new URL(`../../../../models/fixtures/${name}`, import.meta.url)),
  )
  const session = await openSession(parts.unet.file, { executionProviders: ['cpu'], threads: 1 })
  opened.push(session)
  return { session, signature: unet }
}

/** A row that no other equals, but for its timestep. */
function row(signature: UnetSignature, index: number, timestep: number, tokens = 77): UnetRow {
  const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * (index + 1)))
  const { contextSize } = signature
  const conditioning = { context: wave(tokens * contextSize), tokens, width: contextSize, pooled: null }
  return {
    sample: wave(signature.channels * height * width),
    timestep,
    inputs: branchInputs(signature, { conditioning, timeIds: null, reference: null }, 7),
  }
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((largest, value, i) => Math.max(largest, Math.abs(value - other[i])), 0)
}

describe.each(['tiny-sd1-inpaint', 'tiny-sd2', 'tiny-sd2-inpaint'])('%s', (name) => {
  test('answers each row of a run as it would alone, whatever its timestep', async () => {
    const { session, signature } = await open(name)
    const { run } = unetRunner(session, signature, size)
    const rows = [700, 20, 331].map((timestep, i) => row(signature, i, timestep))
    const together = (await run(rows)).map((answer) => answer.slice())
    const alone: Float32Array[] = []
    for (const one of rows) alone.push((await run([one]))[0].slice())
    together.forEach((output, i) => {
      expect(output).toHaveLength(4 * height * width)
      expect(largestDifference(output, alone[i])).toBeLessThan(1e-5)
    })
    // The rows differ: an answer of the wrong row would be seen.
    expect(largestDifference(alone[0], alone[1])).toBeGreaterThan(1e-2)
  })
})

test('a graph that is told one timestep joins rows of the same, and refuses others', async () => {
  const { session, signature } = await open('tiny-sd1')
  const { run } = unetRunner(session, signature, size)
  const [first, second] = [row(signature, 0, 500), row(signature, 1, 500)]
  const together = (await run([first, second]))[1].slice()
  expect(largestDifference(together, (await run([second]))[0])).toBeLessThan(1e-5)
  await expect(run([first, { ...second, timestep: 499 }])).rejects.toThrow('one timestep')
})

test('further inputs of a graph reach it by their names', async () => {
  const { session, signature } = await open('tiny-sd1')
  const seen: Record<string, { data: number[]; dims: readonly number[] }> = {}
  const host = createDeviceHost(
    async () => ({
      inputs: session.inputs,
      outputs: session.outputs,
      run: async (feeds) => {
        for (const [name, { data, dims }] of Object.entries(feeds))
          seen[name] = { data: Array.from(data, Number), dims }
        const answer = { type: 'float32', data: new Float32Array(2 * 4 * height * width), dims: [2, 4, height, width] }
        return { [signature.output]: answer }
      },
      release: async () => {},
    }),
    defaultLimits,
  )
  const withResidual = (index: number) => {
    const { inputs, ...rest } = row(signature, index, 1)
    return { ...rest, inputs: { ...inputs, residual: { data: Float32Array.of(index, index), dims: [1, 2] } } }
  }
  const unet = await runtimeOver(host).open('', { executionProviders: ['cpu'] })
  await unetRunner(unet, signature, size).run([withResidual(0), withResidual(1)])
  expect(seen.residual).toEqual({ data: [0, 0, 1, 1], dims: [2, 1, 2] })
})

test('rows of prompts of other lengths are not joined', async () => {
  const { signature } = await open('tiny-sd1')
  expect(canJoin(row(signature, 0, 1), row(signature, 1, 2))).toBe(true)
  expect(canJoin(row(signature, 0, 1), row(signature, 1, 1, 154))).toBe(false)
})
