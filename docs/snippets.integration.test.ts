import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stack, startStack } from '../services/cli/src/stack.ts'
import { shownModels, stackConfig } from '../services/cli/src/testing/stack-config.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

/** Every block of a language that a page shows, in order: commands are `bash`. */
async function snippets(page: string, language = 'bash'): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, of, code = '']) =>
    of === language ? [code] : [],
  )
}

/** One shell for all, as a reader has; a refused request fails it. */
async function runInShell(blocks: string[]): Promise<string> {
  const script = blocks
    .join('\n')
    .replaceAll('http://127.0.0.1:8080', stack.url)
    .replaceAll('curl -s ', 'curl -sS --fail-with-body ')
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  return (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: dir, env, maxBuffer: 2 ** 24 })).stdout
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
    const stdout = await runInShell(blocks)
    expect(stdout).toContain('"status":"succeeded"')
    expect((await readFile(join(dir, 'strawberry.png'))).subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  }, 120_000)
})

describe('docs/a1111.md', () => {
  it('shows a call that works', async () => {
    expect(await runInShell(await snippets('docs/a1111.md'))).toContain('Steps: 20')
  }, 120_000)
})

describe('packages/client/README.md', () => {
  it('shows a program that works', async () => {
    const [program = ''] = await snippets('packages/client/README.md', 'ts')
    await mkdir(join(dir, 'node_modules/@pentimento'), { recursive: true })
    await symlink(join(root, 'packages/client'), join(dir, 'node_modules/@pentimento/client'))
    await copyFile(join(root, 'assets/samples/strawberry-sketch.png'), join(dir, 'sketch.png'))
    await rm(join(dir, 'strawberry.png'), { force: true })
    await writeFile(join(dir, 'paint.mts'), program.replaceAll('http://127.0.0.1:8080', stack.url))
    const { stdout } = await run(process.execPath, ['--conditions=source', 'paint.mts'], { cwd: dir })
    expect(stdout).toContain('denoising')
    expect((await readFile(join(dir, 'strawberry.png'))).subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  }, 120_000)
})
