import type { StoredRun } from '../state/run.ts'

/** Runs as a file that other programs read too: what was asked for, what came of it, and small copies of it. */
export async function historyFile(runs: readonly StoredRun[]): Promise<Blob> {
  const history = { pentimento_history: 1, runs: await Promise.all(runs.map(asEntry)) }
  return new Blob([JSON.stringify(history, null, 1)], { type: 'application/json' })
}

async function asEntry({ kind, createdAt, fields, sweep, source, jobId, ended, thumbnails = [] }: StoredRun) {
  return {
    kind,
    created_at: new Date(createdAt).toISOString(),
    fields: Object.fromEntries(fields),
    sweep,
    source: source ?? null,
    job: ended ?? (jobId === null ? null : { id: jobId }),
    thumbnails: await Promise.all(thumbnails.map(asDataUrl)),
  }
}

async function asDataUrl(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return `data:${file.type};base64,${btoa(text)}`
}
