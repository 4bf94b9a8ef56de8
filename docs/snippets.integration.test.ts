import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stack, startStack } from '../services/cli/src/stack.ts'
import { shownModels, stackConfig } from '../services/cli/src/testing/stack-config.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

/** Every block of commands that a page shows as `bash`, in order. */
async function snippets(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8')
  return [...text.matchAll(/^```bash\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '')
}

let dir: string
let stack: Stack
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-snippets-'))
  await symlink(join(root, 'assets'), join(dir, 'assets'))
  const config = await stackConfig(join(dir, 'data'), shownModels())
  stack = await startStack(config, { logLevel: 'error', signal: AbortSignal.timeout(60_000) })
}, 90_000)
afterAll(async () => {
  await stack?.stop()
  await rm(dir, { recursive: true, force: true })
})

describe('README.md', () => {
  it('shows commands that work, one after the other', async () => {
    const blocks = await snippets('README.md')
    expect(blocks.length).toBeGreaterThan(3)
    // One shell for all, as a reader has; a refused request fails it.
    const script = blocks
      .join('\n')
      .replaceAll('http://127.0.0.1:8080', stack.url)
      .replaceAll('curl -s ', 'curl -sS --fail-with-body ')
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: dir, env, maxBuffer: 2 ** 24 })
    expect(stdout).toContain('"status":"succeeded"')
    expect((await readFile(join(dir, 'strawberry.png'))).subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  }, 120_000)
})
