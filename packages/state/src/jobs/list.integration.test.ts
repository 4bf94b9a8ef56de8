import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { ListQuery } from '../index.ts'
import { InvalidCursor } from '../index.ts'
import { openTestState, submit, succeeded } from '../testing/state.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

async function pages(query: ListQuery): Promise<string[][]> {
  const ids: string[][] = []
  for (let cursor: string | undefined; ; ) {
    const page = await state.jobs.list('default', cursor === undefined ? query : { ...query, cursor })
    ids.push(page.jobs.map(({ id }) => id))
    if (page.nextCursor === null) return ids
    cursor = page.nextCursor
  }
}

test('pages cover every job once, newest first, also where jobs share a millisecond', async () => {
  const jobs = await Promise.all(Array.from({ length: 25 }, () => submit(state)))
  const newestFirst = jobs.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id)
  const shown = await pages({ limit: 10 })
  expect(shown.map((page) => page.length)).toEqual([10, 10, 5])
  expect(shown.flat()).toEqual(newestFirst)
  expect(await pages({ limit: 25 })).toEqual([newestFirst])
})

test('filters', async () => {
  const first = await submit(state, { model: 'a' })
  const second = await submit(state, { model: 'b', source: { job: first.id, index: 1 } })
  await state.jobs.start(first.id, 'w')
  await state.jobs.finish(first.id, succeeded(1))
  expect(await pages({ limit: 1, model: 'b' })).toEqual([[second.id]])
  expect(await pages({ limit: 5, status: 'succeeded' })).toEqual([[first.id]])
  expect(await pages({ limit: 5, source: first.id })).toEqual([[second.id]])
  expect(await pages({ limit: 5, source: second.id })).toEqual([[]])
  expect(await pages({ limit: 5, status: 'failed' })).toEqual([[]])
  expect(await pages({ limit: 5, kind: 'inpaint' })).toEqual([[]])
  expect(await pages({ limit: 5, kind: 'img2img', since: second.createdAt })).toEqual([
    first.createdAt === second.createdAt ? [second.id, first.id].toSorted().reverse() : [second.id],
  ])
})

test('a cursor of somebody else’s making is refused', async () => {
  for (const cursor of ['', 'x', Buffer.from('1.job_x').toString('base64url')]) {
    await expect(state.jobs.list('default', { limit: 1, cursor })).rejects.toThrow(InvalidCursor)
  }
})
