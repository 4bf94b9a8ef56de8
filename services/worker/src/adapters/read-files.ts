import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CheckpointError } from '@pentimento/checkpoints'

/** How deep people sort their files into folders. */
const deepest = 4

/** Files of one kind by their names. */
export type ReadFiles<T> = Map<string, { path: string; read: T }>

/**
 * Reads every file below a folder. One that cannot be used is passed over with a warning.
 *
 * @param what how warnings call one
 */
export async function readAll<T>(
  dir: string,
  what: string,
  readOne: (path: string) => Promise<T>,
  warn: (message: string) => void,
): Promise<ReadFiles<T>> {
  const found: ReadFiles<T> = new Map()
  for (const path of await filesBelow(dir, deepest)) {
    const name = nameOf(path)
    const read = await readOne(path).catch((error) => refused(`the ${what} "${name}" is left out`, error, warn))
    if (!read) continue
    const earlier = found.get(name)
    if (earlier) warn(`the ${what} "${name}" is there twice; the one in ${earlier.path} is taken`)
    else found.set(name, { path, read })
  }
  return found
}

/** The file's own name; where that is what diffusers calls all of a kind, its folder's. */
function nameOf(path: string): string {
  const name = basename(path).replace(/\.safetensors$/i, '')
  return /^(model|diffusion_pytorch_model)(\.fp16)?$/.test(name) ? basename(dirname(path)) : name
}

export function pathsOf(found: ReadonlyMap<string, { path: string }>): Map<string, string> {
  return new Map([...found].map(([name, { path }]) => [name, path]))
}

/** What is read below folders, as a text that another file, or a change of one, makes another. */
export async function stampOf(dirs: readonly string[]): Promise<string> {
  const stamps: string[] = []
  for (const dir of dirs)
    for (const path of await filesBelow(dir, deepest)) {
      const found = await stat(path).catch(() => null)
      stamps.push(`${path} ${found?.size} ${found?.mtimeMs}`)
    }
  return stamps.join('\n')
}

/** What a file says against a model; null where it fits. */
export function reasonAgainst(fit: () => unknown): string | null {
  try {
    fit()
    return null
  } catch (error) {
    if (error instanceof CheckpointError) return error.message
    throw error
  }
}

function refused(what: string, error: unknown, warn: (message: string) => void): null {
  if (!(error instanceof CheckpointError)) throw error
  warn(`${what}: ${error.message}`)
  return null
}

/** Every .safetensors, and what is to be warned of, in an order that does not change. */
async function filesBelow(dir: string, depth: number): Promise<string[]> {
  const names = await readdir(dir).catch((): string[] => [])
  const files: string[] = []
  for (const name of names.filter((one) => !one.startsWith('.')).toSorted((a, b) => a.localeCompare(b))) {
    if (/\.(safetensors|pt|ckpt|bin)$/i.test(name)) files.push(join(dir, name))
    else if (depth > 0) files.push(...(await filesBelow(join(dir, name), depth - 1)))
  }
  return files
}
