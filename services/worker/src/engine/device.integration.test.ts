import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chooseDevice, type Device } from '@pentimento/pipeline'
import { afterEach, expect, it } from 'vitest'
import { Engine } from './engine.ts'
import { engineEnv, requestFor, rows } from './testing/requests.ts'

const run = promisify(execFile)
const dir = fileURLToPath(new URL('../../../../models/fixtures/tiny-sd1', import.meta.url))
const model = { id: 'tiny-sd1', dir, bytes: 1e6 }
const hooks = { timeoutMs: 50_000 }
const engines: Engine[] = []

function startEngine(device: 'auto' | Device): { engine: Engine; states: string[] } {
  const states: string[] = []
  const engine = new Engine({
    entry: new URL('./main.ts', import.meta.url),
    init: { device, threads: 1, modelMemoryBytes: 1e9, loadMode: 'fast', slots: 1, rows, warmShapes: [] },
    env: engineEnv,
    startTimeoutMs: 30_000,
    cancelGraceMs: 1000,
    onOutput: () => {},
    onState: (state, detail) => states.push(`${state}: ${detail}`),
  })
  engines.push(engine)
  return { engine, states }
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()))
})

const square = (side: number, numImages: number) =>
  requestFor(
    {},
    {
      prompt: '',
      width: side,
      height: side,
      numImages,
      steps: 1,
      image: { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(120) },
    },
  )

it('says which device it chose, and why', async () => {
  const { engine, states } = startEngine('auto')
  await engine.start()
  const choice = await chooseDevice('auto')
  expect(engine.device).toEqual({ ...choice, slots: choice.device === 'cpu' ? 1 : 8 })
  expect(states.at(-1)).toBe(`ready: ${choice.device}: ${choice.reason}`)
})

it('says how much did not fit into the memory, and paints the next picture', async () => {
  const { engine } = startEngine('cpu')
  await engine.generate(model, square(64, 1), hooks)
  // Attention over 1024×1024 takes 268 MB in one piece.
  const status = await readFile(`/proc/${engine.pid}/status`, 'utf8')
  const held = Number(/VmData:\s+(\d+)/.exec(status)?.[1]) * 1024
  await run('prlimit', ['--pid', String(engine.pid), `--data=${held + 200e6}`])
  await expect(engine.generate(model, square(1024, 2), hooks)).rejects.toMatchObject({
    code: 'out_of_memory',
    message: expect.stringMatching(
      /^The device has too little memory\..* 2 pictures at once of 1024×1024 did not fit\. Take fewer images or a smaller width and height\.$/,
    ),
  })
  const { result } = await engine.generate(model, square(64, 1), hooks)
  expect(result.images).toHaveLength(1)
})

const hasCuda = await chooseDevice('cuda').then(
  () => true,
  () => false,
)

it.skipIf(hasCuda)('says why a device that was asked for cannot be used', async () => {
  const { engine, states } = startEngine('cuda')
  await expect(engine.start()).rejects.toMatchObject({ code: 'unavailable' })
  expect(states.join('\n')).toContain('The device cuda cannot be used: there is no NVIDIA GPU with a driver.')
})
