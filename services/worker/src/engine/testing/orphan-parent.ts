import { Engine } from '../engine.ts'
import { engineEnv, requestFor, rows, scriptedEngine } from './requests.ts'

// A parent whose engine hangs in a native call; says the engine's process id when it does.
const engine = new Engine({
  entry: scriptedEngine,
  init: { device: 'cpu', modelMemoryBytes: 1000, loadMode: 'fast', slots: 1, rows, warmShapes: [] },
  env: engineEnv,
  startTimeoutMs: 10_000,
  cancelGraceMs: 60_000,
  onOutput: () => {},
  onState: () => {},
})
await engine.generate({ id: 'a', dir: '/a', bytes: 1 }, requestFor({ hangAtStep: 2 }), {
  timeoutMs: 600_000,
  onProgress: ({ phase, step }) => phase === 'denoising' && step === 1 && process.stdout.write(`${engine.pid}\n`),
})
