import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { showBytes } from '../progress-bar.ts'
import { type ChosenFile, chooseFiles } from './choose-files.ts'
import { fetchFile, type OpenFile, sizeOf } from './fetch-file.ts'
import { readCommit, readListing } from './hub-api.ts'
import { hubFetch } from './hub-fetch.ts'
import { checkAsked } from './names.ts'
import { openFile } from './open-file.ts'
import { codeOf, pullError } from './pull-error.ts'
import { lockPull } from './pull-lock.ts'

export interface PullOptions {
  /** `owner/name`. */
  repo: string
  revision: string
  variant: string | null
  /** The folder that gets a subfolder for the model. */
  modelsDir: string
  hubUrl: string
  token: string | null
  signal: AbortSignal
  stallMs?: number
  attempts?: number
  onPlan(plan: { files: number; bytes: number; commit: string }): void
  onBytes(bytes: number): void
  /** The hub wants us to wait so many milliseconds. */
  onWait?(ms: number): void
}

/**
 * Downloads an ONNX repository of the Hugging Face hub into `modelsDir/<owner>--<name>`. All files come from the commit that the revision names at the
 * start. An interrupted pull is continued by the next one; the folder gets its name only when it is whole, and is its owner's alone.
 *
 * @returns the model's folder
 * @throws Error when there is no such repository or it is no ONNX export, when the folder is there already or being pulled, when the disk is too small,
 * or when the transfer fails for good
 */
export async function pullModel(options: PullOptions): Promise<string> {
  const { repo, variant, modelsDir } = options
  checkAsked(options)
  const id = [repo.replace('/', '--'), variant].filter((text) => text !== null).join('--')
  const target = join(modelsDir, id)
  if (existsSync(target)) throw new Error(`${target} is there already; remove it to pull it again`)
  await mkdir(modelsDir, { recursive: true, mode: 0o700 })
  const unlock = await lockPull(join(modelsDir, `.pull-${id}.lock`))
  try {
    return await pullInto(target, id, options)
  } catch (error) {
    if (options.signal.aborted) {
      const { reason } = options.signal
      const stopped = reason instanceof Error ? reason.message : String(reason)
      throw new Error(`${stopped}; what has been loaded is kept, pull again to go on`, { cause: error })
    }
    throw pullError(error, { ...options, hasToken: options.token !== null })
  } finally {
    await unlock()
  }
}

async function pullInto(target: string, id: string, options: PullOptions): Promise<string> {
  const { repo, revision, variant, modelsDir, hubUrl, stallMs } = options
  const fetch = hubFetch({ ...options, ...(stallMs === undefined ? {} : { answerMs: stallMs }) })
  const hub = { url: hubUrl, fetch, repo }
  const commit = await readCommit(hub, revision)
  const chosen = chooseFiles(await readListing(hub, commit), variant)
  options.onPlan({ files: chosen.length, bytes: bytesOf(chosen), commit })
  // The commit is part of the name: what an older revision left is never mixed in.
  const partial = join(modelsDir, `.pull-${id}-${commit.slice(0, 12)}`)
  await clearFolder(partial, chosen)
  await checkSpace(chosen, partial)
  const open: OpenFile = (file, offset) => openFile(fetch, `${hubUrl}/${repo}/resolve/${commit}`, file, offset)
  let before = 0
  for (const file of chosen) {
    const onBytes = (bytes: number) => options.onBytes(before + bytes)
    await fetchFile(file, join(partial, file.target), open, { ...options, onBytes })
    before += file.size
  }
  const source = { repository: repo, revision, commit, variant }
  await writeFile(join(partial, 'source.json'), `${JSON.stringify(source, null, 2)}\n`, { mode: 0o600 })
  await rename(partial, target).catch((error) => {
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error
    throw new Error(`${target} came to be while this pull ran`, { cause: error })
  })
  return target
}

const bytesOf = (files: { size: number }[]): number => files.reduce((sum, { size }) => sum + size, 0)

/** What an earlier pull of the same files left is gone on with. Links, special files and whatever else has come to lie there are taken away. */
async function clearFolder(partial: string, chosen: ChosenFile[]): Promise<void> {
  if ((await lstat(partial).catch(() => null))?.isDirectory() === false) await rm(partial)
  await mkdir(partial, { recursive: true })
  await chmod(partial, 0o700)
  const expected = new Set(chosen.flatMap(({ target }) => [target, `${target}.part`]))
  for (const entry of await readdir(partial, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const isOurs = entry.isFile() && expected.has(relative(partial, path)) && (await lstat(path)).nlink === 1
    if (!isOurs && !entry.isDirectory()) await rm(path)
  }
}

/** Better now than after an hour. What an earlier pull left counts as there. */
async function checkSpace(chosen: ChosenFile[], partial: string): Promise<void> {
  const sizes = chosen.flatMap(({ target }) => [join(partial, target), join(partial, `${target}.part`)]).map(sizeOf)
  const missing = bytesOf(chosen) - (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  const { bavail, bsize } = await statfs(partial)
  if (missing > bavail * bsize) {
    throw new Error(`the model needs ${showBytes(missing)} of disk, and ${showBytes(bavail * bsize)} are free there`)
  }
}
