import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A server that answers as the Hugging Face hub does for one model repository: revision info, paged tree listing, resolve with ranges, errors. */
export interface LocalHub {
  url: string
  /** `method path range` of every request so far. */
  requests: string[]
  close(): Promise<void>
}

export interface LocalHubOptions {
  repo: string
  files: Record<string, Uint8Array>
  /** Paths kept in large file storage: listed by SHA-256. */
  large?: string[]
  token?: string
  /** Cut every transfer of a file after so many bytes, so often. */
  cuts?: { path: string; afterBytes: number; times: number }
  /** Send wrong bytes for this path. */
  corrupt?: string
  /** Stop sending without closing, once, after so many bytes. */
  stall?: { path: string; afterBytes: number }
}

const commit = '0123456789abcdef0123456789abcdef01234567'
const sha = (algorithm: string, ...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest('hex')

export async function startLocalHub(options: LocalHubOptions): Promise<LocalHub> {
  const requests: string[] = []
  let cutsLeft = options.cuts?.times ?? 0
  let stallsLeft = options.stall ? 1 : 0
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub')
    requests.push([request.method, pathname, request.headers.range].filter(Boolean).join(' '))
    if (options.token && request.headers.authorization !== `Bearer ${options.token}`)
      return fail(response, 401, 'Invalid credentials')
    if (pathname === `/api/models/${options.repo}/revision/main`)
      return json(response, { _id: '1', id: options.repo, sha: commit })
    if (pathname === `/api/models/${options.repo}/tree/${commit}`) return tree(response, searchParams.get('cursor'))
    const prefix = `/${options.repo}/resolve/${commit}/`
    if (pathname.startsWith(prefix))
      return resolve(request, response, decodeURIComponent(pathname.slice(prefix.length)))
    return fail(response, 404, 'Repository not found')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = `http://127.0.0.1:${address.port}`

  // Two entries a page, to make the client follow the Link header.
  function tree(response: ServerResponse, cursor: string | null) {
    const entries = Object.entries(options.files).map(([path, bytes]) => {
      const large = options.large?.includes(path)
      return {
        type: 'file',
        path,
        size: bytes.length,
        oid: sha('sha1', `blob ${bytes.length}\0`, bytes),
        ...(large ? { lfs: { oid: sha('sha256', bytes), size: bytes.length, pointerSize: 134 } } : {}),
      }
    })
    const from = Number(cursor ?? 0)
    if (from + 2 < entries.length)
      response.setHeader(
        'Link',
        `<${url}/api/models/${options.repo}/tree/${commit}?recursive=true&cursor=${from + 2}>; rel="next"`,
      )
    json(response, entries.slice(from, from + 2))
  }

  function resolve(request: IncomingMessage, response: ServerResponse, path: string) {
    const whole = options.files[path]
    if (whole === undefined)
      return response.setHeader('X-Error-Code', 'EntryNotFound') && fail(response, 404, 'Entry not found')
    const bytes = path === options.corrupt ? new Uint8Array(whole.length).fill(1) : whole
    const match = /^bytes=(\d+)-(\d+)?$/.exec(request.headers.range ?? '')
    const start = match ? Number(match[1]) : 0
    const end = Math.min(match?.[2] ? Number(match[2]) : bytes.length - 1, bytes.length - 1)
    response.setHeader('ETag', `"${sha('sha256', whole)}"`)
    if (match) response.setHeader('Content-Range', `bytes ${start}-${end}/${bytes.length}`)
    const body = bytes.subarray(start, end + 1)
    response.writeHead(match ? 206 : 200, { 'Content-Length': body.length })
    if (path === options.cuts?.path && cutsLeft > 0 && body.length > 1) {
      cutsLeft--
      response.write(body.subarray(0, options.cuts.afterBytes), () => response.destroy())
    } else if (path === options.stall?.path && stallsLeft > 0 && body.length > 1) {
      stallsLeft--
      response.write(body.subarray(0, options.stall.afterBytes))
    } else response.end(body)
  }

  return {
    url,
    requests,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function json(response: ServerResponse, value: unknown) {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value))
}

function fail(response: ServerResponse, status: number, error: string) {
  response.statusCode = status
  json(response, { error })
}
