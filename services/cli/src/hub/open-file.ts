import { HubLie, HubRefusal } from './hub-error.ts'
import type { ChosenFile } from './hub-file.ts'

/**
 * The bytes of a file from `offset` on, from where the hub's redirect leads; a server that knows no ranges begins at 0.
 *
 * @throws HubRefusal; HubLie when the answer's head says already that other bytes follow than those announced
 */
export async function openFile(
  fetch: typeof globalThis.fetch,
  root: string,
  file: ChosenFile,
  offset: number,
): Promise<{ body: ReadableStream<Uint8Array>; offset: number }> {
  const url = `${root}/${file.path.split('/').map(encodeURIComponent).join('/')}`
  const response = await fetch(url, { headers: { Range: `bytes=${offset}-`, 'Accept-Encoding': 'identity' } })
  try {
    if (!response.ok || response.body === null)
      throw new HubRefusal(response.status, `${file.path}: status ${response.status}`)
    const start = response.status === 206 ? offset : 0
    checkHead(response, file, start)
    return { body: response.body, offset: start }
  } catch (error) {
    await response.body?.cancel().catch(() => {})
    throw error
  }
}

function checkHead({ status, headers }: Response, file: ChosenFile, start: number): void {
  if ((headers.get('Content-Encoding') ?? 'identity') !== 'identity')
    throw new HubLie(`${file.path} comes in an encoding that was not asked for`)
  const last = status === 206 ? lastByte(headers.get('Content-Range'), file, start) : file.size - 1
  const length = headers.get('Content-Length')
  if (length !== null && Number(length) !== last + 1 - start)
    throw new HubLie(`${file.path}: ${JSON.stringify(length)} bytes follow, and ${last + 1 - start} were announced`)
}

/** Where the part ends that is sent; a server may send less than was asked for. */
function lastByte(contentRange: string | null, file: ChosenFile, start: number): number {
  const [, first, last, total = '*'] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(contentRange ?? '') ?? []
  const isRight = Number(first) === start && Number(last) < file.size && (total === '*' || Number(total) === file.size)
  if (!isRight) throw new HubLie(`${file.path}: another part comes than the one that was asked for`)
  return Number(last)
}
