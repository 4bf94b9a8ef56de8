import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { plainPng } from './plain-png.ts'

/** A connection that never complains: what the service does to it is the service's business. */
export function open(url: string, until: AbortSignal): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  until.addEventListener('abort', () => socket.destroy(), { once: true })
  return socket
}

/** The head of a request with a key, if there is one. */
export function head(method: string, path: string, token: string | null, headers: Record<string, string> = {}): string {
  const all = { host: 'x', ...(token !== null && { authorization: `Bearer ${token}` }), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** Resolves when the attack is over. */
export async function over(until: AbortSignal): Promise<void> {
  if (!until.aborted) await once(until, 'abort')
}

/** Long enough that an attack is what its connections carry, and not how fast they are made. */
const againMs = 1000

/** Keeps so many connections open: a while after one closes, `begin` is told of the next. */
export async function keepOpen(
  count: number,
  url: string,
  until: AbortSignal,
  begin: (socket: Socket, n: number) => void,
): Promise<void> {
  const start = (n: number) => {
    if (until.aborted) return
    const socket = open(url, until)
    socket.once('close', () => setTimeout(start, againMs, n))
    begin(socket, n)
  }
  for (let n = 0; n < count; n++) start(n)
  await over(until)
}

/** The id of a new job of a small picture. */
export async function submitJob(url: string, token: string, signal: AbortSignal): Promise<string> {
  const form = new FormData()
  form.append('prompt', 'p')
  form.append('image', new Blob([Uint8Array.from(plainPng(64, 64))]), 'image')
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}/v1/img2img`, { method: 'POST', body: form, headers, signal })
  const { id } = (await answer.json()) as { id?: string }
  if (id === undefined) throw new Error(`a job was refused with ${answer.status}`)
  return id
}
