// The one entry behind `npm run demo`, `npm start` and `npm test`. Plain JavaScript that runs on Node 20: it brings the
// dependencies, among them the Node 24 that everything else runs on, finds or installs what the command needs from the
// system, and hands over.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureChromium } from './chromium.mjs'
import { ensureCuda } from './cuda.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { ensureFaketime } from './faketime.mjs'
import { findNode24 } from './node-24.mjs'
import { ensureRedis } from './redis.mjs'
import { runToEnd } from './run.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const endWithParent = pathToFileURL(join(root, 'scripts/end-with-parent.mjs')).href
const [command, ...args] = process.argv.slice(2)

/**
 * Where every Node below this one keeps what it has made of sources and packages: from the second start on half of the
 * time to load them is saved.
 */
const compileCache = join(root, 'node_modules/.cache/node')

/** As the engine of a worker has it: services/worker/src/engine/engine-process.ts says what for. */
const largePages = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' }

/**
 * What each command runs, and what it needs of the system. CUDA is fetched for a GPU by what paints, and used as far as
 * it is there by what only looks.
 */
const commands = {
  start: { run: ['services/cli/src/main.ts', 'start'], redis: true, cuda: 'fetch' },
  demo: { run: ['services/cli/src/main.ts', 'demo'], redis: true, cuda: 'fetch' },
  generate: { run: ['services/cli/src/main.ts', 'generate'], env: largePages, cuda: 'fetch' },
  models: { run: ['services/cli/src/main.ts', 'models'], env: largePages, cuda: 'use' },
  keys: { run: ['services/cli/src/main.ts', 'keys'], redis: true },
  state: { run: ['services/cli/src/main.ts', 'state'], redis: true },
  doctor: { run: ['scripts/doctor.mjs'] },
  parity: { run: ['packages/pipeline/src/parity/main.ts'] },
  'bench:api': { run: ['bench/api.ts'], redis: true },
  'bench:pipeline': { run: ['bench/pipeline/main.ts'], env: largePages },
  'bench:engine': { run: ['bench/engine/main.ts'], redis: true, cuda: 'use' },
  'bench:settings': { run: ['bench/pipeline/settings.ts'], env: largePages },
  'bench:checkpoints': { run: ['bench/checkpoints/main.ts'], env: largePages },
  'bench:loras': { run: ['bench/checkpoints/loras.ts'], env: largePages },
  'bench:load': { run: ['bench/load/main.ts'], redis: true },
  'bench:scaling': { run: ['bench/load/scaling.ts'], redis: true },
  'bench:redis': { run: ['bench/redis/main.ts'], redis: true },
  'bench:attacks': { run: ['bench/attacks/main.ts'], redis: true },
  licences: { run: ['deploy/supply-chain/main.ts'] },
  audit: { run: ['scripts/audit.mjs'] },
  'simulate:scaling': { run: ['bench/scaling/main.ts'] },
  chaos: { run: ['bench/chaos/main.ts'], redis: true, faketime: true },
  rolling: { run: ['bench/rolling/main.ts'], redis: true },
  screenshots: { run: ['services/playground/src/screenshots.ts'], redis: true, chromium: true },
  test: { run: ['scripts/run-tests.mjs'], redis: true, faketime: true, chromium: true, helm: true, optional: true },
}

async function main() {
  const chosen = commands[command]
  if (chosen === undefined || !existsSync(join(root, chosen.run[0])))
    throw new Error(`unknown command ${command ?? ''}: use one of ${Object.keys(commands).join(', ')}`)
  // By hand it may be meant to outlive the shell that it was started from.
  if (process.env.npm_lifecycle_event) await import(endWithParent)
  await ensureDependencies(root)
  const node = findNode24(root)
  const env = {
    NODE_COMPILE_CACHE: compileCache,
    ...chosen.env,
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH}`,
  }
  if (chosen.redis) Object.assign(env, await missingIsFine(chosen, () => ensureRedis(process.env)))
  if (chosen.faketime) Object.assign(env, await ensureFaketime(process.env))
  if (chosen.chromium) Object.assign(env, await missingIsFine(chosen, () => ensureChromium(process.env)))
  if (chosen.helm) {
    // It unpacks with a package, which is there by now.
    const { ensureHelm } = await import('./helm.mjs')
    Object.assign(env, await missingIsFine(chosen, () => ensureHelm(root, process.env)))
  }
  if (chosen.cuda) Object.assign(env, await ensureCuda(root, process.env, { fetch: chosen.cuda === 'fetch' }))
  return runToEnd(node, ['--conditions=source', '--import', endWithParent, ...chosen.run, ...args], { cwd: root, env })
}

/** Tests run without what cannot be had, and count it as skipped; on CI nothing may be missing. */
async function missingIsFine(chosen, ensure) {
  try {
    return await ensure()
  } catch (error) {
    if (!chosen.optional || process.env.CI === 'true') throw error
    console.log(error.message)
    return {}
  }
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error) => {
    console.error(`error: ${error.message}`)
    process.exitCode = 1
  },
)
