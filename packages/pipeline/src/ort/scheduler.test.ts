import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PipelineError } from '../errors.ts'
import type { Graph, GraphRow } from './graph.ts'
import { createScheduler } from './scheduler.ts'
import type { Values } from './values.ts'

interface Call {
  rows: number
  sample: Values
  at: number
}

/**
 * A device whose answer to a row is made of all that the row is told and of nothing else: sample · weight + timestep +
 * the sum of its context. Each call takes `ms(rows)` of a clock that nobody waits for.
 */
function fakeDevice(ms: (rows: number) => number = (rows) => 4 + rows) {
  const clock = { now: 0 }
  const calls: Call[] = []
  const graph: Graph = {
    inputs: [],
    outputs: [],
    async run({ sample, context, timestep }) {
      await new Promise((resolve) => setImmediate(resolve))
      const [rows, length] = sample.dims
      const words = context.data.length / rows
      calls.push({ rows, sample, at: clock.now })
      clock.now += ms(rows)
      const data = new Float32Array(rows * length)
      for (let row = 0; row < rows; row++) {
        let told = Number(timestep.data[timestep.data.length === 1 ? 0 : row])
        for (let i = 0; i < words; i++) told += Number(context.data[row * words + i]) * (i + 1)
        for (let i = 0; i < length; i++) data[row * length + i] = Number(sample.data[row * length + i]) * 3 + told
      }
      return { out: { type: 'float32', data, dims: [rows, length] } }
    },
    release: async () => {},
  }
  return { clock, calls, graph }
}

function rowOf(seed: number, { length = 2, words = 2, perRow = true, weight = 1 } = {}): GraphRow {
  const wave = (count: number, at: number) =>
    Float32Array.from({ length: count }, (_, i) => ((seed + at) * (i + 2)) % 17)
  return {
    sample: 'sample',
    inputs: {
      sample: { type: 'float32', data: wave(length, 1), dims: [length] },
      context: { type: 'float32', data: wave(words, 5), dims: [words] },
    },
    output: { type: 'float32', data: new Float32Array(length), dims: [length] },
    outputName: 'out',
    timestep: { name: 'timestep', type: 'float32', rank: perRow ? 1 : 0, perRow },
    weight,
  }
}

/** What the device answers to the row when nothing else is asked. */
function expected({ inputs: { sample, context } }: GraphRow, timestep: number): number[] {
  const told = [...context.data].reduce<number>((sum, value, i) => sum + Number(value) * (i + 1), timestep)
  return Array.from(sample.data as Float32Array, (value) => value * 3 + told)
}

const limits = { maxRows: 16, slowdown: 2 }

/** Generations of so many steps, each with its own rows; answers when each has ended, by the device's clock. */
function generations(device: ReturnType<typeof fakeDevice>, scheduler: ReturnType<typeof createScheduler>) {
  let next = 0
  return async (rows: GraphRow[], steps: number, graph = device.graph, joins = true): Promise<number> => {
    const numbers = rows.map((row) => {
      scheduler.addRow(next, row, graph, joins)
      return next++
    })
    for (let step = 0; step < steps; step++) {
      const times = rows.map(() => 100 - step)
      await scheduler.ask(numbers, times, device.clock.now)
      rows.forEach((row, i) => {
        expect([...row.output.data]).toEqual(expected(row, times[i]))
        // The next step asks about other latents.
        ;(row.inputs.sample.data as Float32Array).set([step, step + i])
      })
    }
    scheduler.dropRows(numbers)
    return device.clock.now
  }
}

const job = fc.record({
  rows: fc.integer({ min: 1, max: 20 }),
  steps: fc.integer({ min: 1, max: 4 }),
  length: fc.constantFrom(2, 3),
  words: fc.constantFrom(2, 4),
  perRow: fc.boolean(),
  joins: fc.boolean(),
})

test('a row is answered as it would be alone, however rows are put together, filled up and divided', async () => {
  const settings = fc.record({ maxRows: fc.integer({ min: 1, max: 20 }), slowdown: fc.integer({ min: 1, max: 5 }) })
  await fc.assert(
    fc.asyncProperty(settings, fc.array(job, { minLength: 1, maxLength: 7 }), async (options, jobs) => {
      const device = fakeDevice()
      const alone = { ...device.graph }
      const scheduler = createScheduler(options, undefined, () => device.clock.now)
      const paint = generations(device, scheduler)
      await Promise.all(
        jobs.map(({ rows, steps, joins, ...kind }, i) => {
          const own = Array.from({ length: rows }, (_, k) => rowOf(i * 31 + k, kind))
          return paint(own, steps, joins ? device.graph : alone, joins)
        }),
      )
      const longest = Math.max(options.maxRows, ...jobs.filter(({ joins }) => !joins).map(({ rows }) => rows))
      for (const { rows } of device.calls) expect(rows).toBeLessThanOrEqual(longest)
      expect(scheduler.figures().waitingRows).toBe(0)
    }),
    { numRuns: 60 },
  )
})

describe('what waits', () => {
  const setUp = (ms?: (rows: number) => number) => {
    const device = fakeDevice(ms)
    const scheduler = createScheduler(limits, undefined, () => device.clock.now)
    return { device, scheduler, paint: generations(device, scheduler) }
  }
  const pair = (seed: number, options = {}) => [rowOf(seed, options), rowOf(seed + 1, options)]

  test('is joined whatever its timestep, up to the largest call that is worth it', async () => {
    // Each row of a larger call costs less, until 16.
    const { device, paint } = setUp((rows) => 20 + 2 * rows)
    await Promise.all(Array.from({ length: 16 }, (_, i) => paint(pair(i * 9), 24)))
    const sizes = device.calls.map(({ rows }) => rows)
    expect(Math.max(...sizes)).toBe(16)
    expect(sizes.filter((rows) => rows === 16).length).toBeGreaterThan(8)
  })

  test('is joined as much as pays, also where other work makes some calls slower', async () => {
    let calls = 0
    // As on a large GPU: of 16 rows each takes 7 % less than of 8.
    const usual = (rows: number) => ({ 1: 10.2, 2: 8.4, 4: 12.6, 6: 17, 8: 21.4, 12: 30.6, 16: 39.8 })[rows] ?? 0
    const { device, paint } = setUp((rows) => usual(rows) * [1, 1.3, 1, 1.02, 1.6][calls++ % 5])
    await Promise.all(Array.from({ length: 24 }, (_, i) => paint(pair(i * 9), 24)))
    const settled = device.calls.slice(10, -10).map(({ rows }) => rows)
    expect(settled.filter((rows) => rows === 16).length).toBeGreaterThan(0.9 * settled.length)
  })

  test('is not joined where that saves nothing: a call stays within twice the time of one picture', async () => {
    const { device, paint } = setUp((rows) => rows * 10)
    await Promise.all(Array.from({ length: 8 }, (_, i) => paint(pair(i * 9), 40)))
    // Sizes are tried before it is known what they cost.
    const settled = device.calls.slice(-20).map(({ rows }) => rows)
    expect(Math.max(...settled)).toBe(4)
  })

  test('of prompts of other lengths goes into calls of its own, in turns', async () => {
    const { device, paint } = setUp()
    await Promise.all([paint(pair(1), 6), paint(pair(2), 6), paint(pair(3, { words: 4 }), 6)])
    expect(device.calls.map(({ rows }) => rows).every((rows) => rows <= 4)).toBe(true)
    // Twelve, and what was tried before it was known that four rows may go together.
    expect(device.calls.length).toBeLessThanOrEqual(14)
  })

  test('of a graph that is told one timestep is joined where that is the same', async () => {
    const { device, paint } = setUp()
    // Four pictures of one job, and three that ask at other times.
    const four = Array.from({ length: 8 }, (_, i) => rowOf(i, { perRow: false }))
    await Promise.all([paint(four, 12), ...[2, 3, 4].map((seed) => paint(pair(seed, { perRow: false }), 12))])
    expect(Math.max(...device.calls.map(({ rows }) => rows))).toBeGreaterThanOrEqual(8)
  })

  test('of several graphs has rows by its weight', async () => {
    const { device, scheduler, paint } = setUp()
    const other = { ...device.graph, run: (...args: Parameters<Graph['run']>) => device.graph.run(...args) }
    const [heavy, light] = [
      Promise.all(Array.from({ length: 16 }, (_, i) => paint(pair(i * 9, { weight: 3 }), 30))),
      Promise.all(Array.from({ length: 16 }, (_, i) => paint(pair(i * 9, { length: 3 }), 30, other))),
    ]
    const done = Promise.race([heavy.then(() => 'heavy'), light.then(() => 'light')])
    expect(await done).toBe('heavy')
    const lightRows = device.calls.filter(({ sample }) => sample.dims[1] === 3).reduce((sum, { rows }) => sum + rows, 0)
    // 960 rows of the heavy one have run: a third as many of the other.
    expect(lightRows).toBeGreaterThan(280)
    expect(lightRows).toBeLessThan(360)
    await light
    expect(scheduler.figures().idleWithWorkMs).toBe(0)
  })

  test.each([
    ['rows that fill a call', 2],
    ['rows that do not', 16],
  ])('and needs the device alone goes twice before %s: neither starves the other', async (_, maxRows) => {
    const most = 20
    const device = fakeDevice()
    const scheduler = createScheduler(
      { ...limits, maxRows },
      () => {},
      () => device.clock.now,
    )
    const paint = generations(device, scheduler)
    let decoded = 0
    const decodes = Array.from({ length: 40 }, () =>
      scheduler.exclusive(async () => {
        device.clock.now += 50
        decoded++
      }),
    )
    let decodedMeanwhile = 0
    const painting = paint(pair(1), 10).then(() => {
      decodedMeanwhile = decoded
    })
    await Promise.all([...decodes, painting])
    expect(decodedMeanwhile).toBeGreaterThanOrEqual(most - 2)
    expect(decodedMeanwhile).toBeLessThanOrEqual(most + 2)
  })

  test('fails as its call does, and the device goes on', async () => {
    const { device, scheduler, paint } = setUp()
    const broken: Graph = { ...device.graph, run: () => Promise.reject(new Error('the device is gone')) }
    scheduler.addRow(900, rowOf(1), broken, true)
    await expect(scheduler.ask([900], [1], 0)).rejects.toThrow('the device is gone')
    await paint(pair(3), 3)
    await expect(scheduler.ask([901], [1], 0)).rejects.toThrow('nobody has added row 901')
  })

  test('and does not fit into the memory goes into smaller calls, from then on', async () => {
    const { device, paint } = setUp((rows) => 20 + rows)
    const run = device.graph.run
    let failed = 0
    device.graph.run = async (feeds, fetches) => {
      if (feeds.sample.dims[0] > 6) {
        failed++
        throw new PipelineError('out_of_memory', 'The device has too little memory.')
      }
      return run(feeds, fetches)
    }
    await Promise.all(Array.from({ length: 8 }, (_, i) => paint(pair(i * 9), 20)))
    expect(failed).toBe(1)
    expect(Math.max(...device.calls.map(({ rows }) => rows))).toBe(6)
  })

  test('is known not to fit beforehand where somebody has measured the memory', async () => {
    const { device, scheduler, paint } = setUp((rows) => 20 + rows)
    // Of twice as many numbers a quarter of the rows surely fits.
    scheduler.limitRows(device.graph, true, { latents: 2, rows: 8 })
    const wide = (seed: number) => pair(seed).map((row) => ({ ...row, output: { ...row.output, dims: [2, 2] } }))
    await Promise.all(Array.from({ length: 8 }, (_, i) => paint(pair(i * 9), 20)))
    expect(Math.max(...device.calls.map(({ rows }) => rows))).toBe(8)
    device.calls.length = 0
    await Promise.all(Array.from({ length: 8 }, (_, i) => paint(wide(i * 9), 20)))
    expect(Math.max(...device.calls.map(({ rows }) => rows))).toBe(2)
    scheduler.limitRows(device.graph, true, { latents: 2, rows: 4 })
    device.calls.length = 0
    await Promise.all(Array.from({ length: 8 }, (_, i) => paint(pair(i * 9), 20)))
    expect(Math.max(...device.calls.map(({ rows }) => rows))).toBe(4)
  })

  test('tells those that a new shape kept waiting what it took', async () => {
    const { device, scheduler } = setUp((rows) => 10 * rows)
    for (const number of [0, 1, 2]) scheduler.addRow(number, rowOf(number), device.graph, true)
    expect(await Promise.all([scheduler.ask([0, 1], [5, 5], 0), scheduler.ask([2], [7], 0)])).toEqual([20, 10])
    expect(await Promise.all([scheduler.ask([0, 1], [4, 4], 0), scheduler.ask([2], [6], 0)])).toEqual([0, 0])
    const told: number[] = []
    for (let i = 0; i < 2; i++)
      await scheduler.exclusive(
        async () => {
          device.clock.now += 30
        },
        'a picture of 64×64',
        (ms) => told.push(ms),
      )
    expect(told).toEqual([30])
  })

  test('is counted, and so is the time', async () => {
    const { device, scheduler, paint } = setUp((rows) => rows)
    await paint(pair(1), 3)
    device.clock.now += 100
    await paint(pair(1), 2)
    expect(scheduler.figures()).toEqual({
      busyMs: 10,
      idleWithWorkMs: 0,
      calls: { 2: 5 },
      waitingRows: 0,
      newShapes: [2],
    })
    // Asked while the clock stood at 0, begun at 110: nobody had listened.
    scheduler.addRow(500, rowOf(1), device.graph, true)
    await scheduler.ask([500], [1], 0)
    expect(scheduler.figures()).toMatchObject({ busyMs: 1, idleWithWorkMs: 0, calls: { 1: 1 } })
    device.clock.now += 40
    await scheduler.ask([500], [1], device.clock.now - 15)
    expect(scheduler.figures()).toMatchObject({ busyMs: 1, idleWithWorkMs: 15 })
  })
})
