import { z } from 'zod'
import { HubLie, HubRefusal } from './hub-error.ts'
import type { HubFile } from './hub-file.ts'
import { isCommit, isPlainPath, isRepositoryPath } from './names.ts'

/** How the hub is asked about one repository. */
interface Hub {
  url: string
  fetch: typeof fetch
  repo: string
}

/** Far above what any repository has: pages of a listing hold 1,000 entries at most. */
const most = { answerBytes: 16_000_000, entries: 100_000, pages: 10_000 }
/** An answer that has begun must end within this time. */
const answerMs = 60_000

const size = z.int().min(0)
const revisionInfo = z.object({ sha: z.string().refine(isCommit, 'is no commit') })
const file = z.object({
  path: z.string().refine(isRepositoryPath, 'leads out of the repository, or is no path'),
  size,
  oid: z.string().regex(/^[0-9a-f]{40}$/, 'is no object id'),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256'), size }).optional(),
})
const listing = z.array(z.looseObject({ type: z.string() }))

/** The commit that a revision names. @throws HubRefusal, HubLie */
export async function readCommit(hub: Hub, revision: string): Promise<string> {
  const url = new URL(`${hub.url}/api/models/${hub.repo}/revision/${encodeURIComponent(revision)}`)
  const { sha } = (await ask(hub, url, revisionInfo)).value
  if (isCommit(revision) && sha !== revision) throw new HubLie(`asked for the commit ${revision}, the hub gives ${sha}`)
  return sha
}

/**
 * The files of a commit. Those whose names are no plain ones (`isPlainPath`) are none that a model needs, and are left
 * out.
 *
 * @throws HubRefusal, HubLie
 */
export async function readListing(hub: Hub, commit: string): Promise<HubFile[]> {
  const files = new Map<string, HubFile>()
  const url = new URL(`${hub.url}/api/models/${hub.repo}/tree/${commit}?recursive=true&expand=false`)
  let entries = 0
  for (let pages = 1; ; pages++) {
    const { value, next } = await ask(hub, url, listing)
    entries += value.length
    if (entries > most.entries || pages > most.pages) throw new HubLie('the listing of the repository does not end')
    for (const entry of value) {
      if (entry.type !== 'file') continue
      const { path, size, oid, lfs } = parsed(file, entry)
      if (!isPlainPath(path)) continue
      if (files.has(path)) throw new HubLie(`the hub lists more than one file for ${path}`)
      files.set(path, { path, size: lfs?.size ?? size, oid, sha256: lfs?.oid ?? null })
    }
    if (next === null) return [...files.values()]
    // Of the address of the next page only what it asks for counts: where to ask is known, and no mirror is left on the
    // way.
    url.search = next
  }
}

async function ask<T>(hub: Hub, url: URL, schema: z.ZodType<T>): Promise<{ value: T; next: string | null }> {
  const late = new AbortController()
  const headers = { Accept: 'application/json', 'Accept-Encoding': 'identity' }
  const response = await hub.fetch(url, { headers, signal: late.signal })
  const timer = setTimeout(() => late.abort(new Error(`an answer took longer than ${answerMs / 1000} s`)), answerMs)
  try {
    if (!response.ok) throw new HubRefusal(response.status, `status ${response.status}`)
    const value = parsed(schema, toJson(await readAtMost(response, most.answerBytes)))
    return { value, next: nextQuery(response.headers.get('Link')) }
  } finally {
    clearTimeout(timer)
    await response.body?.cancel().catch(() => {})
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new HubLie(`the hub's answer cannot be right: ${issue?.path.join('.')} ${issue?.message}`)
}

/** The bytes of an answer, counted as they come out of whatever it was packed in. */
async function readAtMost({ body }: Response, bytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let read = 0
  for await (const chunk of body ?? []) {
    read += chunk.length
    if (read > bytes) throw new HubLie(`the hub's answer has more than ${bytes / 1e6} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function toJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (error) {
    throw new HubLie("the hub's answer is no JSON", { cause: error })
  }
}

/** The query of the `next` link (RFC 8288), or null on the last page. */
function nextQuery(link: string | null): string | null {
  const next = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1]
  return next === undefined ? null : (URL.parse(next, 'http://hub')?.search ?? null)
}
