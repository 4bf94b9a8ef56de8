import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { downloadFile, listFiles, modelInfo } from '@huggingface/hub'
import { type ChosenFile, chooseFiles, type HubFile } from './choose-files.ts'
import { fetchFile, type OpenFile } from './fetch-file.ts'

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
  onPlan(plan: { files: number; bytes: number; commit: string }): void
  onBytes(bytes: number): void
}

/**
 * Downloads an ONNX repository of the Hugging Face hub into `modelsDir/<owner>--<name>`. All files come from the commit that the revision names at the
 * start. An interrupted pull is continued by the next one; the folder gets its name only when it is whole.
 *
 * @returns the model's folder
 * @throws Error when there is no such repository or it is no ONNX export, when the folder is there already, or when the transfer fails for good
 */
export async function pullModel(options: PullOptions): Promise<string> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(options.repo)) throw new Error(`"${options.repo}" is no repository: write owner/name`)
  const id = [options.repo.replace('/', '--'), options.variant].filter((text) => text !== null).join('--')
  const target = join(options.modelsDir, id)
  if (existsSync(target)) throw new Error(`${target} is there already; remove it to pull it again`)
  const hub = { hubUrl: options.hubUrl, ...(options.token === null ? {} : { accessToken: options.token }) }
  const { sha: commit } = await modelInfo({
    ...hub,
    name: options.repo,
    revision: options.revision,
    additionalFields: ['sha'],
  })
  const chosen = chooseFiles(await list(hub, options.repo, commit), options.variant)
  options.onPlan({ files: chosen.length, bytes: chosen.reduce((sum, file) => sum + file.size, 0), commit })
  // The commit is part of the name: what an older revision left is never mixed in.
  const partial = join(options.modelsDir, `.pull-${id}-${commit.slice(0, 12)}`)
  const open: OpenFile = (file, offset) => openFile(hub, options.repo, commit, file, offset)
  let before = 0
  for (const file of chosen) {
    const onBytes = (bytes: number) => options.onBytes(before + bytes)
    await fetchFile(file, join(partial, file.target), open, { ...options, onBytes })
    before += file.size
  }
  await mkdir(partial, { recursive: true })
  const source = { repository: options.repo, revision: options.revision, commit, variant: options.variant }
  await writeFile(join(partial, 'source.json'), `${JSON.stringify(source, null, 2)}\n`)
  await rename(partial, target)
  return target
}

type Hub = { hubUrl: string; accessToken?: string }

async function list(hub: Hub, repo: string, revision: string): Promise<HubFile[]> {
  const files: HubFile[] = []
  for await (const entry of listFiles({ ...hub, repo, revision, recursive: true }))
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

async function openFile(
  hub: Hub,
  repo: string,
  revision: string,
  file: ChosenFile,
  offset: number,
): Promise<ReadableStream<Uint8Array>> {
  const blob = await downloadFile({ ...hub, repo, revision, path: file.path })
  if (blob === null) throw new Error(`${file.path} is no longer there`)
  if (blob.size !== file.size) throw new Error(`${file.path} has ${blob.size} bytes, not the announced ${file.size}`)
  return blob.slice(offset).stream()
}
