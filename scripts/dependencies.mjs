import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runStep } from './run.mjs'

export const pnpm = 'pnpm@12.21.0'

/**
 * Installs the packages that the lockfile names, from the npm registry only; does nothing when they are there already.
 */
export async function ensureDependencies(root) {
  const stamp = join(root, 'node_modules', '.pentimento-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  // CI=true keeps pnpm from asking; the skip holds for package managers that would run onnxruntime-node's download of
  // CUDA libraries all the same.
  const env = { ...process.env, CI: 'true', ONNXRUNTIME_NODE_INSTALL: 'skip' }
  await runStep('Installing packages (once, about 300 MB) …', 'npx', ['-y', pnpm, 'install', '--frozen-lockfile'], {
    cwd: root,
    env,
  })
  writeFileSync(stamp, wanted)
}
