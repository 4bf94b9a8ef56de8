import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { EngineProgress } from './converse.ts'
import { Engine, type EngineOptions } from './engine.ts'
import { engineEnv, requestFor, rows, scriptedEngine } from './testing/requests.ts'

const model = { id: 'scripted', dir: '/models/scripted', bytes: 100 }
const engines: Engine[] = []

const options: EngineOptions = {
  entry: scriptedEngine,
  init: { device: 'cpu', modelMemoryBytes: 1000, loadMode: 'fast', slots: 1, rows, warmShapes: [] },
  env: engineEnv,
  startTimeoutMs: 30_000,
  cancelGraceMs: 200,
  onOutput: () => {},
  onState: () => {},
}

function startEngine(overrides: Partial<EngineOptions> = {}): Engine {
  const engine = new Engine({ ...options, ...overrides })
  engines.push(engine)
  return engine
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()))
})

/** Engines for the tests that take them as they are, whatever the one before did to them; their heaps are soon full. */
const env = { ...engineEnv, NODE_OPTIONS: '--max-old-space-size=64' }
const engine = new Engine({ ...options, env })
const twoSlots = new Engine({ ...options, env, init: { ...options.init, slots: 2 } })
afterAll(() => Promise.all([engine.stop(), twoSlots.stop()]))

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a run', () => {
  it('brings the pixels and reports each phase and step', async () => {
    const seen: EngineProgress[] = []
    const { result, loadMs } = await engine.generate({ ...model, id: randomUUID() }, requestFor({}, { numImages: 2 }), {
      timeoutMs: 20_000,
      onProgress: (progress) => seen.push(progress),
    })
    expect(result.images.map(({ seed, image }) => [seed, image.data[0], image.data.length])).toEqual([
      [42, 42, 768],
      [43, 43, 768],
    ])
    expect(loadMs).toBeGreaterThan(10)
    expect(seen.map(({ phase, step }) => `${phase} ${step}`)).toEqual([
      'loading 0',
      'encoding 0',
      'denoising 1',
      'denoising 2',
      'denoising 3',
      'denoising 4',
      'decoding 4',
    ])
  })

  it('finds the model still loaded the second time', async () => {
    await engine.generate(model, requestFor(), { timeoutMs: 20_000 })
    const { loadMs } = await engine.generate(model, requestFor(), { timeoutMs: 20_000 })
    expect(loadMs).toBe(0)
  })

  it('passes on what the pipeline refuses, and goes on', async () => {
    await expect(
      engine.generate(model, requestFor({ failWith: 'not_supported' }), { timeoutMs: 20_000 }),
    ).rejects.toMatchObject({ code: 'not_supported', message: 'failed as scripted: not_supported' })
    await expect(
      engine.generate({ ...model, dir: '/unusable' }, requestFor(), { timeoutMs: 20_000 }),
    ).rejects.toMatchObject({ code: 'model_unusable' })
    const { pid } = engine
    await engine.generate(model, requestFor(), { timeoutMs: 20_000 })
    expect(engine.pid).toBe(pid)
  })

  it('keeps the words of an unexpected error out of its message', async () => {
    const failure = engine.generate(model, requestFor({ failWith: 'internal' }), { timeoutMs: 20_000 })
    await expect(failure).rejects.toMatchObject({
      code: 'internal',
      message: 'The engine failed.',
      detail: expect.stringContaining('cannot read something of undefined'),
    })
  })

  it('sends previews only while they are wanted, of the pictures in turn', async () => {
    const steps: number[] = []
    const pictures: number[] = []
    const run = engine.begin(model, requestFor({ stepMs: 30 }, { steps: 12, numImages: 2 }), {
      timeoutMs: 20_000,
      onProgress: ({ step }) => {
        if (step === 2) run.setPreviews(2)
        if (step === 8) run.setPreviews(null)
      },
      onPreview: ({ index, step, image }) => {
        steps.push(step)
        pictures.push(index)
        expect(image.data[0]).toBe(step)
      },
    })
    await run.ended
    expect(steps.length).toBeGreaterThan(1)
    expect(pictures).toEqual(steps.map((_, i) => i % 2))
    expect(steps.every((step) => step % 2 === 0 && step > 2 && step < 12)).toBe(true)
  })
})

describe('stopping', () => {
  it('ends between two steps, within one step', async () => {
    const engine = startEngine({ cancelGraceMs: 5000 })
    const controller = new AbortController()
    let abortedAt = 0
    const run = engine.generate(model, requestFor({ stepMs: 100 }, { steps: 100 }), {
      timeoutMs: 60_000,
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step !== 3) return
        abortedAt = performance.now()
        controller.abort()
      },
    })
    await expect(run).rejects.toMatchObject({ code: 'canceled' })
    expect(performance.now() - abortedAt).toBeLessThan(100 + 250)
    const { pid } = engine
    await engine.generate(model, requestFor(), { timeoutMs: 20_000 })
    expect(engine.pid).toBe(pid)
  })

  it('kills an engine that hangs in a native call, and starts another', async () => {
    const controller = new AbortController()
    let hanging: number | undefined
    const run = engine.generate(model, requestFor({ hangAtStep: 2 }), {
      timeoutMs: 60_000,
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step !== 1) return
        hanging = engine.pid
        // Not before it hangs: until then it would stop by itself.
        setTimeout(() => controller.abort(), 200)
      },
    })
    await expect(run).rejects.toMatchObject({ code: 'canceled' })
    expect(hanging).toBeGreaterThan(0)
    expect(isAlive(hanging ?? 0)).toBe(false)
    await expect(engine.generate(model, requestFor(), { timeoutMs: 20_000 })).resolves.toBeDefined()
  })

  it('waits twice the slowest step before it kills', async () => {
    const engine = startEngine({ cancelGraceMs: 50 })
    const controller = new AbortController()
    const run = engine.generate(model, requestFor({ stepMs: 400 }), {
      timeoutMs: 60_000,
      signal: controller.signal,
      onProgress: ({ step }) => step === 2 && controller.abort(),
    })
    const rejected = expect(run).rejects.toMatchObject({ code: 'canceled' })
    await rejected
    const { pid } = engine
    await engine.generate(model, requestFor(), { timeoutMs: 20_000 })
    expect(engine.pid).toBe(pid)
  })

  it('is a timeout when a slow run stops in time, a crash when it hangs', async () => {
    await expect(
      engine.generate(model, requestFor({ stepMs: 20 }, { steps: 1000 }), { timeoutMs: 300 }),
    ).rejects.toMatchObject({ code: 'timeout' })
    await expect(engine.generate(model, requestFor({ hangAtStep: 1 }), { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'crashed',
    })
  })
})

describe.skipIf(process.platform !== 'linux')('the memory of an engine', () => {
  const environmentOf = async (engine: Engine) => {
    await engine.start()
    return (await readFile(`/proc/${engine.pid}/environ`, 'utf8')).split('\0')
  }

  it('lies on large pages, unless the host has tunables of its own', async () => {
    expect(await environmentOf(startEngine())).toContain('GLIBC_TUNABLES=glibc.malloc.hugetlb=1')
    const tuned = { ...engineEnv, GLIBC_TUNABLES: 'glibc.malloc.check=0' }
    expect(await environmentOf(startEngine({ env: tuned }))).toContain('GLIBC_TUNABLES=glibc.malloc.check=0')
  })
})

describe('a crash', () => {
  it.each(['SIGKILL', 'SIGABRT', 'exit', 'heap'] as const)('by %s costs the run and not the engine', async (dieBy) => {
    const run = engine.generate(model, requestFor({ dieAtStep: 2, dieBy }), { timeoutMs: 30_000 })
    await expect(run).rejects.toMatchObject({
      code: 'crashed',
      detail: expect.stringMatching(/^the engine (was )?ended/),
    })
    await expect(engine.generate(model, requestFor(), { timeoutMs: 20_000 })).resolves.toBeDefined()
  })

  it('while idle is repaired at once', async () => {
    const engine = startEngine()
    await engine.start()
    const { pid } = engine
    process.kill(pid ?? 0, 'SIGKILL')
    await expect.poll(() => engine.state === 'ready' && engine.pid !== pid, { timeout: 5000 }).toBe(true)
  })

  it('at every start ends the tries with one clear state', async () => {
    const states: string[] = []
    const engine = startEngine({
      init: { device: 'cuda', modelMemoryBytes: 1000, loadMode: 'fast', slots: 1, rows, warmShapes: [] },
      onState: (state, detail) => states.push(`${state}: ${detail}`),
    })
    await expect(engine.start()).rejects.toMatchObject({ code: 'unavailable' })
    expect(states.at(-1)).toBe('failed: the engine could not be started 5 times in a row: no CUDA here')
  }, 30_000)
})

describe('two runs at once', () => {
  it('each hear of their own steps and previews, and bring their own pixels', async () => {
    const start = (seed: number, steps: number, previews: number | null) => {
      const seen = new Set<string>()
      const run = twoSlots.begin(model, requestFor({ stepMs: 5 }, { seed, steps }), {
        timeoutMs: 20_000,
        onProgress: ({ phase, steps }) => phase === 'denoising' && seen.add(`of ${steps}`),
        onPreview: () => seen.add('preview'),
      })
      run.setPreviews(previews)
      return run.ended.then(({ result }) => [result.images[0]?.image.data[0], ...[...seen].sort()])
    }
    const [watched, other] = [start(7, 9, 2), start(9, 6, null)]
    expect(twoSlots.running).toBe(2)
    expect(await watched).toEqual([7, 'of 9', 'preview'])
    expect(await other).toEqual([9, 'of 6'])
    expect(twoSlots.running).toBe(0)
  })

  it('are stopped one by one', async () => {
    const controller = new AbortController()
    const stopped = twoSlots.generate(model, requestFor({ stepMs: 5 }, { steps: 10_000 }), {
      timeoutMs: 60_000,
      signal: controller.signal,
      onProgress: ({ step }) => step === 3 && controller.abort(),
    })
    const other = twoSlots.generate(model, requestFor({ stepMs: 5 }, { steps: 30 }), { timeoutMs: 20_000 })
    await expect(stopped).rejects.toMatchObject({ code: 'canceled' })
    await expect(other).resolves.toMatchObject({ result: { stepsRun: 30 } })
  })

  it('both hear of the crash that one of them caused', async () => {
    const runs = [{ dieAtStep: 2 }, { stepMs: 5 }].map((script) =>
      twoSlots.generate(model, requestFor(script, { steps: 10_000 }), { timeoutMs: 20_000 }),
    )
    for (const run of runs) await expect(run).rejects.toMatchObject({ code: 'crashed' })
    await expect(twoSlots.generate(model, requestFor(), { timeoutMs: 20_000 })).resolves.toBeDefined()
  })

  it('are both told of company where the one fails by its device and the other ends with the process', async () => {
    const other = twoSlots.generate(model, requestFor({ stepMs: 5 }, { steps: 10_000 }), { timeoutMs: 20_000 })
    const ended = expect(other).rejects.toMatchObject({ code: 'crashed', together: 2 })
    const failed = twoSlots.generate(model, requestFor({ failWith: 'device_error' }), { timeoutMs: 20_000 })
    await expect(failed).rejects.toMatchObject({ code: 'device_error', together: 2 })
    await twoSlots.recycle()
    await ended
  })
})

it('refuses a run more than it has slots for', async () => {
  const first = engine.generate(model, requestFor({ stepMs: 50 }), { timeoutMs: 20_000 })
  await expect(engine.generate(model, requestFor(), { timeoutMs: 20_000 })).rejects.toThrow('it has 1')
  await first
})

it('leaves no process behind when it stops', async () => {
  const engine = startEngine()
  await engine.start()
  const { pid } = engine
  await engine.stop()
  expect(isAlive(pid ?? 0)).toBe(false)
})

it('ends with its parent, even while a native call hangs', async () => {
  const script = fileURLToPath(new URL('./testing/orphan-parent.ts', import.meta.url))
  const parent = spawn(process.execPath, ['--conditions=source', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(parent.stdout, 'data')
  const pid = Number(line)
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
})
