import { readFile } from 'node:fs/promises'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import type { Target } from './service.ts'

/** What another tenant met while the service was attacked. Times in ms. */
export interface Figures {
  livez: number[]
  submit: number[]
  /** Submits that were not accepted, by status; 0 for those without an answer. */
  refused: Map<number, number>
  /** Highest resident memory of the api, in bytes of 10^6. */
  memoryMb: number
  /** Whether the api still answered at the end. */
  alive: boolean
}

const everyMs = 200
const patienceMs = 30_000

/** Asks `/livez` and submits small jobs, each over a connection of its own, until the signal aborts, and once more. */
export async function beNeighbour(target: Target, until: AbortSignal): Promise<Figures> {
  const { type, body } = await smallForm()
  const headers = { authorization: `Bearer ${target.neighbour}`, 'content-type': type, 'content-length': body.length }
  const figures: Figures = { livez: [], submit: [], refused: new Map(), memoryMb: 0, alive: true }
  const live = async () => {
    const { status, ms } = await ask(`${target.url}/livez`, 'GET', {}, null)
    figures.livez.push(ms)
    figures.alive = status === 200
  }
  const submit = async () => {
    const { status, ms } = await ask(`${target.url}/v1/img2img`, 'POST', headers, body)
    figures.submit.push(ms)
    if (status !== 202) figures.refused.set(status, (figures.refused.get(status) ?? 0) + 1)
  }
  const look = async () => {
    figures.memoryMb = Math.max(figures.memoryMb, await peakMemoryMb(target.pid))
  }
  const repeat = async (step: () => Promise<void>) => {
    for (let last = false; !last; ) {
      last = until.aborted
      await step()
      await sleep(everyMs)
    }
  }
  await Promise.all([live, submit, look].map(repeat))
  return figures
}

/** A request of its own connection; status 0 when there is no answer. */
function ask(
  url: string,
  method: string,
  headers: OutgoingHttpHeaders,
  body: Buffer | null,
): Promise<{ status: number; ms: number }> {
  const began = performance.now()
  return new Promise((resolve) => {
    const done = (status: number) => resolve({ status, ms: performance.now() - began })
    const asked = request(url, { method, headers, agent: false, timeout: patienceMs }, (answer) => {
      answer.on('end', () => done(answer.statusCode ?? 0)).on('error', () => done(0))
      answer.resume()
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => done(0))
    asked.end(body)
  })
}

/** Linux keeps the highest that it has seen. */
async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return (Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6
}

async function smallForm(): Promise<{ type: string; body: Buffer }> {
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  const picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
  const form = new FormData()
  form.append('prompt', 'a mountain')
  form.append('image', new Blob([Uint8Array.from(picture)]), 'image.png')
  const encoded = new Response(form)
  return { type: encoded.headers.get('content-type') ?? '', body: Buffer.from(await encoded.arrayBuffer()) }
}
