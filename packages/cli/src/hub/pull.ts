import { existsSync } from 'node:fs'
import { mkdir, rename, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HubApiError, listFiles, modelInfo } from '@huggingface/hub'
import { showBytes } from '../progress-bar.ts'
import { type ChosenFile, chooseFiles, type HubFile } from './choose-files.ts'
import { fetchFile, type OpenFile, sizeOf } from './fetch-file.ts'
import { hubFetch } from './hub-fetch.ts'
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
 * start. An interrupted pull is continued by the next one; the folder gets its name only when it is whole.
 *
 * @returns the model's folder
 * @throws Error when there is no such repository or it is no ONNX export, when the folder is there already or being pulled, when the disk is too small,
 * or when the transfer fails for good
 */
export async function pullModel(options: PullOptions): Promise<string> {
  const { repo, variant, modelsDir } = options
  if (!/^[\w.-]+\/[\w.-]+$/.test(repo)) throw new Error(`"${repo}" is no repository: write owner/name`)
  const id = [repo.replace('/', '--'), variant].filter((text) => text !== null).join('--')
  const target = join(modelsDir, id)
  if (existsSync(target)) throw new Error(`${target} is there already; remove it to pull it again`)
  await mkdir(modelsDir, { recursive: true })
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
  const { sha: commit } = await modelInfo({ hubUrl, fetch, name: repo, revision, additionalFields: ['sha'] })
  const chosen = chooseFiles(await list({ hubUrl, fetch, repo, revision: commit }), variant)
  options.onPlan({ files: chosen.length, bytes: bytesOf(chosen), commit })
  // The commit is part of the name: what an older revision left is never mixed in.
  const partial = join(modelsDir, `.pull-${id}-${commit.slice(0, 12)}`)
  await mkdir(partial, { recursive: true })
  await checkSpace(chosen, partial)
  const open: OpenFile = (file, offset) => openFile(fetch, `${hubUrl}/${repo}/resolve/${commit}`, file, offset)
  let before = 0
  for (const file of chosen) {
    const onBytes = (bytes: number) => options.onBytes(before + bytes)
    await fetchFile(file, join(partial, file.target), open, { ...options, onBytes })
    before += file.size
  }
  const source = { repository: repo, revision, commit, variant }
  await writeFile(join(partial, 'source.json'), `${JSON.stringify(source, null, 2)}\n`)
  await rename(partial, target).catch((error) => {
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error
    throw new Error(`${target} came to be while this pull ran`, { cause: error })
  })
  return target
}

const bytesOf = (files: { size: number }[]): number => files.reduce((sum, { size }) => sum + size, 0)

/** Better now than after an hour. What an earlier pull left counts as there. */
async function checkSpace(chosen: ChosenFile[], partial: string): Promise<void> {
  const sizes = chosen.flatMap(({ target }) => [join(partial, target), join(partial, `${target}.part`)]).map(sizeOf)
  const missing = bytesOf(chosen) - (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  const { bavail, bsize } = await statfs(partial)
  if (missing > bavail * bsize) {
    throw new Error(`the model needs ${showBytes(missing)} of disk, and ${showBytes(bavail * bsize)} are free there`)
  }
}

async function list(from: { hubUrl: string; fetch: typeof fetch; repo: string; revision: string }): Promise<HubFile[]> {
  const files: HubFile[] = []
  for await (const entry of listFiles({ ...from, recursive: true }))
    if (entry.type === 'file' && entry.oid !== undefined && isInside(entry.path))
      files.push({
        path: entry.path,
        size: entry.lfs?.size ?? entry.size,
        oid: entry.oid,
        sha256: entry.lfs?.oid ?? null,
      })
  return files
}

/** A listing is input like any other: no path of it may lead out of the model's folder. */
function isInside(path: string): boolean {
  return path
    .split('/')
    .every((name) => name !== '' && name !== '.' && name !== '..' && !name.includes('\\') && !name.includes('\0'))
}

/**
 * The bytes of a file from `offset` on, straight from where the hub's redirect leads: the hub's library would hide the status of a refusal, and its
 * protocol for large files cannot be held against a local server.
 */
async function openFile(
  fetch: typeof globalThis.fetch,
  root: string,
  file: ChosenFile,
  offset: number,
): Promise<{ body: ReadableStream<Uint8Array>; offset: number }> {
  const url = `${root}/${file.path.split('/').map(encodeURIComponent).join('/')}`
  const response = await fetch(url, { headers: { Range: `bytes=${offset}-`, 'Accept-Encoding': 'identity' } })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    throw new HubApiError(url, response.status, undefined, `${file.path}: status ${response.status}`)
  }
  return { body: response.body, offset: response.status === 206 ? offset : 0 }
}
