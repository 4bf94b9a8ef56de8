import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneOperator } from '../onnx/one-operator.ts'
import { recastToFloat32 } from '../onnx/recast.ts'
import type { Session } from '../ort/graph.ts'
import { openSession } from '../ort/runtime.ts'
import { type VaeSession, withFloat32Retry } from './float32-retry.ts'

const cpu = { executionProviders: ['cpu'], threads: 1 }
let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'pentimento-retry-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

/** A float16 session of one operator, and how often it was opened in float32. */
async function halfSession(operator: string): Promise<{ session: VaeSession; opened: () => number }> {
  const path = join(dir, `${operator}.onnx`)
  writeFileSync(path, oneOperator(operator, { x: 'float16' }, 'float16'))
  let opened = 0
  const openFloat32 = (): Promise<Session> => {
    opened++
    return openSession(recastToFloat32(path), cpu)
  }
  return { session: withFloat32Retry(await openSession(path, cpu), openFloat32), opened: () => opened }
}

async function run(session: Session, ...values: number[]): Promise<number[]> {
  const { y } = await session.run({ x: { data: Float32Array.from(values), dims: [values.length] } }, ['y'])
  return [...y.data]
}

test('stays in float16 while its numbers fit', async () => {
  const { session, opened } = await halfSession('Exp')
  expect((await run(session, 0, 1)).map((value) => value.toFixed(2))).toEqual(['1.00', '2.72'])
  expect([session.inFloat32(), opened()]).toEqual([false, 0])
  await session.release()
})

test('goes over to float32 when they do not, and stays there', async () => {
  const { session, opened } = await halfSession('Exp')
  // e¹² is 162,755: float16 ends at 65,504.
  expect((await run(session, 12)).map(Math.round)).toEqual([162755])
  expect((await run(session, 13)).map(Math.round)).toEqual([442413])
  expect([session.inFloat32(), opened()]).toEqual([true, 1])
  await session.release()
})

test('what float32 cannot hold either is an error', async () => {
  const { session } = await halfSession('Log')
  await expect(run(session, -1)).rejects.toMatchObject({
    code: 'bad_output',
    message: "The model's VAE gives values that are not numbers. It gives none in float32 either.",
  })
  await session.release()
})

test('float32 that does not fit is a matter of memory', async () => {
  const path = join(dir, 'Exp.onnx')
  writeFileSync(path, oneOperator('Exp', { x: 'float16' }, 'float16'))
  const session = withFloat32Retry(await openSession(path, cpu), () => Promise.reject(new Error('std::bad_alloc')))
  await expect(run(session, 12)).rejects.toMatchObject({ code: 'out_of_memory' })
  await session.release()
})

test('a float32 model has nothing to go over to', async () => {
  const session = withFloat32Retry(await openSession(oneOperator('Log', { x: 'float32' }, 'float32'), cpu), null)
  expect(await run(session, 1)).toEqual([0])
  await expect(run(session, -1)).rejects.toMatchObject({ code: 'bad_output' })
  await session.release()
})

test('what is black in float32 too is let through: the picture may be black', async () => {
  const { session } = await halfSession('Neg')
  expect(await run(session, 1, 2)).toEqual([-1, -2])
  expect(session.inFloat32()).toBe(false)
  await session.release()
})
