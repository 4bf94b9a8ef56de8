import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** Every block of a language that a page shows, in order: commands are `bash`. */
async function snippets(page: string, language = 'bash'): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, of, code = '']) =>
    of === language ? [code] : [],
  )
}

/** What README.md and other pages show as commands and programs, in a folder of its own. */
export function snippetsTests(service: { url: string }): void {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pentimento-snippets-'))
    await symlink(join(root, 'assets'), join(dir, 'assets'))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  /** One shell for all, as a reader has; a refused request fails it. */
  async function runInShell(blocks: string[]): Promise<string> {
    const script = blocks
      .join('\n')
      .replaceAll('http://127.0.0.1:8080', service.url)
      .replaceAll('curl -s ', 'curl -sS --fail-with-body ')
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
    return (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: dir, env, maxBuffer: 2 ** 24 })).stdout
  }

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
      // Long enough that the model of tests, too, tells of its steps.
      const longer = program.replace('strength: 0.75,', 'strength: 0.75, steps: 150, num_images: 4,')
      expect(longer).not.toBe(program)
      await rm(join(dir, 'node_modules'), { recursive: true, force: true })
      await mkdir(join(dir, 'node_modules/@pentimento'), { recursive: true })
      await symlink(join(root, 'packages/client'), join(dir, 'node_modules/@pentimento/client'))
      await copyFile(join(root, 'assets/samples/strawberry-sketch.png'), join(dir, 'sketch.png'))
      await rm(join(dir, 'strawberry.png'), { force: true })
      await writeFile(join(dir, 'paint.mts'), longer.replaceAll('http://127.0.0.1:8080', service.url))
      const { stdout } = await run(process.execPath, ['--conditions=source', 'paint.mts'], { cwd: dir })
      expect(stdout).toContain('denoising')
      expect((await readFile(join(dir, 'strawberry.png'))).subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    }, 120_000)
  })
}
