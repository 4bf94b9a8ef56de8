import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'

/**
 * A server that answers as the Hugging Face hub does for one model repository: revision info, paged tree listing, large
 * files behind a redirect to another origin, ranges, errors.
 */
export interface LocalHub {
  url: string
  /** `method path range` of every request so far. */
  requests: string[]
  /** What the server of large files was sent as credentials; it wants none. */
  leaked: string[]
  close(): Promise<void>
}

export interface LocalHubOptions {
  repo: string
  files: Record<string, Uint8Array>
  /** The names of the one commit besides its own. */
  revisions?: string[]
  /** Paths kept in large file storage: listed by SHA-256, sent from another origin. */
  large?: string[]
  token?: string
  /** Cut every transfer of a file after so many bytes, so often. */
  cuts?: { path: string; afterBytes: number; times: number }
  /** Send wrong bytes for this path. */
  corrupt?: string
  /** Stop sending without closing, once, after so many bytes. */
  stall?: { path: string; afterBytes: number }
  /** Answer requests whose path holds `path` with a status instead, so often. */
  fail?: { path: string; status: number; times: number; retryAfter?: number }
  /** Never answer requests whose path holds this, so often. */
  silent?: { path: string; times: number }
  /** Sizes that the listing claims. */
  listedSizes?: Record<string, number>
  /** Send whole files whatever range was asked for. */
  noRanges?: boolean
  /** The commit that the revision is said to name. */
  sha?: unknown
  /** Changes what a listing says of a file. */
  entry?: (entry: ListedFile) => unknown
  /**
   * Answers requests by itself, to the hub and to the server of large files; false for those that it leaves to them.
   */
  answer?: (pathname: string, request: IncomingMessage, response: ServerResponse) => boolean
}

export interface ListedFile {
  type: string
  path: string
  size: number
  oid: string
  lfs?: { oid: string; size: number; pointerSize: number }
}

export const commit = '0123456789abcdef0123456789abcdef01234567'
const sha = (algorithm: string, ...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest('hex')

export async function startLocalHub(options: LocalHubOptions): Promise<LocalHub> {
  const { repo, files, large = [], revisions = ['main'], listedSizes = {} } = options
  const requests: string[] = []
  const leaked: string[] = []
  const left = {
    cuts: options.cuts?.times ?? 0,
    stalls: options.stall ? 1 : 0,
    failures: options.fail?.times ?? 0,
    silences: options.silent?.times ?? 0,
  }

  const storage = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://storage')
    requests.push(['storage', pathname, request.headers.range].filter(Boolean).join(' '))
    if (request.headers.authorization) leaked.push(request.headers.authorization)
    if (options.answer?.(pathname, request, response)) return
    send(request, response, decodeURIComponent(pathname.slice(1)))
  })

  const hub = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub')
    requests.push([request.method, pathname, request.headers.range].filter(Boolean).join(' '))
    if (options.answer?.(pathname, request, response)) return
    if (options.silent && pathname.includes(options.silent.path) && left.silences-- > 0) return
    if (options.fail && pathname.includes(options.fail.path) && left.failures-- > 0) {
      if (options.fail.retryAfter !== undefined) response.setHeader('Retry-After', options.fail.retryAfter)
      return fail(response, options.fail.status, 'as the test wants it')
    }
    if (options.token && request.headers.authorization !== `Bearer ${options.token}`)
      return fail(response, 401, 'Invalid credentials')
    const revision = /^\/api\/models\/(.+)\/revision\/(.+)$/.exec(pathname)
    if (revision?.[1] === repo) {
      if (!revisions.includes(decodeURIComponent(revision[2] ?? ''))) return fail(response, 404, 'Invalid rev id')
      return json(response, { _id: '1', id: repo, sha: 'sha' in options ? options.sha : commit })
    }
    if (pathname === `/api/models/${repo}/tree/${commit}`) return tree(response, searchParams.get('cursor'))
    const prefix = `/${repo}/resolve/${commit}/`
    if (!pathname.startsWith(prefix)) return fail(response, 404, 'Repository not found')
    const path = pathname.slice(prefix.length)
    if (!large.includes(decodeURIComponent(path))) return send(request, response, decodeURIComponent(path))
    response.writeHead(302, { Location: `${storage.url}/${encodeURIComponent(path)}`, 'X-Linked-Size': 1 }).end()
  })

  // Two entries a page, to make the client follow the Link header.
  function tree(response: ServerResponse, cursor: string | null) {
    const entries: ListedFile[] = Object.entries(files).map(([path, bytes]) => ({
      type: 'file',
      path,
      size: bytes.length,
      oid: sha('sha1', `blob ${bytes.length}\0`, bytes),
      ...(large.includes(path)
        ? { lfs: { oid: sha('sha256', bytes), size: listedSizes[path] ?? bytes.length, pointerSize: 134 } }
        : {}),
    }))
    const from = Number(cursor ?? 0)
    const next = `${hub.url}/api/models/${repo}/tree/${commit}?recursive=true&cursor=${from + 2}`
    if (from + 2 < entries.length) response.setHeader('Link', `<${next}>; rel="next"`)
    const page = entries.slice(from, from + 2)
    json(response, options.entry ? page.map(options.entry) : page)
  }

  function send(request: IncomingMessage, response: ServerResponse, path: string) {
    const whole = files[path]
    if (whole === undefined)
      return response.setHeader('X-Error-Code', 'EntryNotFound') && fail(response, 404, 'Entry not found')
    const bytes = path === options.corrupt ? new Uint8Array(whole.length).fill(1) : whole
    const match = options.noRanges ? null : /^bytes=(\d+)-(\d+)?$/.exec(request.headers.range ?? '')
    const start = match ? Number(match[1]) : 0
    const end = Math.min(match?.[2] ? Number(match[2]) : bytes.length - 1, bytes.length - 1)
    response.setHeader('ETag', `"${sha('sha256', whole)}"`)
    // What the hub's own content network says, and what makes some clients trust it with the token.
    response.setHeader('X-Cache', 'Hit from cloudfront')
    if (match) response.setHeader('Content-Range', `bytes ${start}-${end}/${bytes.length}`)
    const body = bytes.subarray(start, end + 1)
    response.writeHead(match ? 206 : 200, { 'Content-Length': body.length })
    if (path === options.cuts?.path && left.cuts-- > 0) {
      // Not at once: fetch throws away what was not read when its connection ends.
      response.write(body.subarray(0, options.cuts.afterBytes), () => setTimeout(() => response.destroy(), 150))
    } else if (path === options.stall?.path && left.stalls-- > 0) {
      response.write(body.subarray(0, options.stall.afterBytes))
    } else response.end(body)
  }

  return {
    url: hub.url,
    requests,
    leaked,
    close: async () => {
      await Promise.all([hub.close(), storage.close()])
    },
  }
}

async function serve(listener: RequestListener): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function json(response: ServerResponse, value: unknown) {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value))
}

function fail(response: ServerResponse, status: number, error: string) {
  response.statusCode = status
  json(response, { error })
}
