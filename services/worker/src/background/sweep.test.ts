import type { State, Sweep } from '@pentimento/state'
import type { ObjectStore } from '@pentimento/storage'
import pino from 'pino'
import { expect, it, vi } from 'vitest'
import { createMetrics } from '../metrics.ts'
import { startSweeping } from './sweep.ts'

const log = pino({ level: 'silent' })
const none = async () => []
const job = (letter: string) => ({ id: `job_${letter.repeat(26)}`, tenant: 'default' })

function sweepWith(passes: Partial<Sweep>): Sweep {
  const done = async () => {}
  const lists = { deadlines: none, expired: none, pending: none, erasures: none, inputs: none, lost: none }
  return { ...lists, swept: done, inputsErased: done, objectsErased: done, ...passes }
}

/** A state of this sweep, and of no files beside jobs. */
function stateOf(sweep: Sweep): State {
  return { jobs: { sweep }, files: { due: none } } as unknown as State
}

it('erases the files of one job although those of another cannot be', async () => {
  const swept: unknown[] = []
  const due = [[job('a'), job('b')]]
  const sweep = sweepWith({
    erasures: async () => due.shift() ?? [],
    swept: async (erasure) => void swept.push(erasure),
  })
  const deletePrefix = vi.fn(async (prefix: string) => {
    if (prefix.includes('aaa')) throw new Error('the store is down')
    return 2
  })
  const sweeping = startSweeping(stateOf(sweep), { deletePrefix } as unknown as ObjectStore, log, createMetrics(), 5)
  await vi.waitFor(() => expect(swept).toEqual([job('b')]))
  expect(deletePrefix).toHaveBeenCalledWith(`tenants/default/jobs/${job('a').id}/`)
  await sweeping.stop()
})

it('deletes the inputs of jobs that have ended, and gives back their room only then', async () => {
  const erased: unknown[] = []
  const due = [[job('a'), job('b')]]
  const sweep = sweepWith({
    inputs: async () => due.shift() ?? [],
    inputsErased: async (ended) => void erased.push(ended),
  })
  const deletePrefix = vi.fn(async (prefix: string) => {
    if (prefix.includes('aaa')) throw new Error('the store is down')
    return 2
  })
  const sweeping = startSweeping(stateOf(sweep), { deletePrefix } as unknown as ObjectStore, log, createMetrics(), 5)
  await vi.waitFor(() => expect(erased).toEqual([job('b')]))
  expect(deletePrefix).toHaveBeenCalledWith(`tenants/default/jobs/${job('b').id}/inputs/`)
  await sweeping.stop()
})

it('goes on with the other passes when one fails, and comes again at once after a full one', async () => {
  let full = 3
  const deadlines = vi.fn(async () => (full-- > 0 ? Array.from({ length: 100 }, (_, i) => `job ${i}`) : []))
  const lost = vi.fn(async () => {
    throw new Error('Redis is down')
  })
  const metrics = createMetrics()
  const sweeping = startSweeping(stateOf(sweepWith({ deadlines, lost })), {} as ObjectStore, log, metrics, 60_000)
  await vi.waitFor(() => expect(deadlines).toHaveBeenCalledTimes(4))
  expect(lost).toHaveBeenCalledTimes(1)
  const text = await metrics.scrape()
  expect(text).toContain('pentimento_swept_total{pass="deadlines"} 300\n')
  expect(text).toContain('pentimento_jobs_ended_total{status="expired",code=""} 300\n')
  await sweeping.stop()
})
