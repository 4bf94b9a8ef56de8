import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { showBytes } from '../progress-bar.ts'
import { chooseFiles, chooseSingleFile } from './choose-files.ts'
import { fetchFile, type OpenFile, sizeOf } from './fetch-file.ts'
import { readCommit, readListing } from './hub-api.ts'
import { hubFetch } from './hub-fetch.ts'
import type { ChosenFile } from './hub-file.ts'
import { checkAsked } from './names.ts'
import { openFile } from './open-file.ts'
import { codeOf, pullError } from './pull-error.ts'
import { lockPull } from './pull-lock.ts'
import { placeOf, refuseTaken } from './single-file.ts'

export interface PullOptions {
  /** `owner/name`. */
  repo: string
  revision: string
  variant: string | null
  /** The one safetensors file that is wanted, by its path in the repository; null for a model of several. */
  file: string | null
  /** The folder that gets the file, or a subfolder for the model. */
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
 * Downloads a model of the Hugging Face hub: a folder of safetensors or an ONNX export into
 * `modelsDir/<owner>--<name>`, a single file into `modelsDir` or, if it is no model by itself, into the subfolder of
 * its kind. All files come from the commit that the revision names at the start. An interrupted pull is continued by
 * the next one; what is pulled gets its name only when it is whole, and is its owner's alone.
 *
 * @returns the model's folder or file
 * @throws Error when there is no such repository or no model in it, when the folder or file is there already or being
 * pulled, when the disk is too small, or when the transfer fails for good
 */
export async function pullModel(options: PullOptions): Promise<string> {
  const { repo, variant, file, modelsDir } = options
  checkAsked(options)
  const parts = [repo.replace('/', '--'), variant, file?.replaceAll('/', '--') ?? null]
  const id = parts.filter((text) => text !== null).join('--')
  const target = join(modelsDir, id)
  if (file !== null) refuseTaken(modelsDir, file)
  else if (existsSync(target)) throw new Error(`${target} is there already; remove it to pull it again`)
  await mkdir(modelsDir, { recursive: true, mode: 0o700 })
  const unlock = await lockPull(join(modelsDir, `.pull-${id}.lock`))
  try {
    const partial = await pullFiles(id, options)
    if (file === null) return await renameWhole(partial, target)
    const place = await placeOf(partial, modelsDir, file)
    await renameWhole(join(partial, basename(file)), place)
    await rm(partial, { recursive: true })
    return place
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

/** @returns the folder that holds the files, all of them whole */
async function pullFiles(id: string, options: PullOptions): Promise<string> {
  const { repo, revision, variant, modelsDir, hubUrl, stallMs } = options
  const fetch = hubFetch({ ...options, ...(stallMs === undefined ? {} : { answerMs: stallMs }) })
  const hub = { url: hubUrl, fetch, repo }
  const commit = await readCommit(hub, revision)
  const listing = await readListing(hub, commit)
  const chosen = options.file === null ? chooseFiles(listing, variant) : [chooseSingleFile(listing, options.file)]
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
  return partial
}

async function renameWhole(partial: string, target: string): Promise<string> {
  const cause = await rename(partial, target).then(
    () => null,
    (error) => error,
  )
  if (cause === null) return target
  if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(cause) ?? '')) throw cause
  throw new Error(`${target} came to be while this pull ran`, { cause })
}

const bytesOf = (files: { size: number }[]): number => files.reduce((sum, { size }) => sum + size, 0)

/**
 * What an earlier pull of the same files left is gone on with. Links, special files and whatever else has come to lie
 * there are taken away.
 */
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
