import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Puts the repository as it was at a commit into `dir`, with the packages of that time. Answers the commit.
 *
 * @throws Error without the history of git that has it, as in a shallow clone
 */
export async function putEarlierTree(root: string, ref: string, dir: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { cwd: root }).catch(
    () => {
      throw new Error(`there is no commit ${ref} here: name another, or fetch the history (git fetch --unshallow)`)
    },
  )
  const commit = stdout.trim()
  await mkdir(dir, { recursive: true })
  const archive = join(dir, 'tree.tar')
  await run('git', ['archive', '--output', archive, commit], { cwd: root })
  await run('tar', ['-xf', archive, '-C', dir])
  const script = pathToFileURL(join(dir, 'scripts/dependencies.mjs')).href
  const install = `(await import(${JSON.stringify(script)})).ensureDependencies(${JSON.stringify(dir)})`
  await run(process.execPath, ['--input-type=module', '--eval', `await ${install}`], { cwd: dir })
  return commit
}
