import { Agent, request } from 'node:http'
import { quantile } from './quantile.ts'

export interface LoadResult {
  perSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
}

export interface Target {
  url: string
  type: string
  body: Buffer
}

/** Posts the same body over `connections` kept connections for `ms`; any answer but 202 is an error. */
export async function postFor({ url, type, body }: Target, connections: number, ms: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  const start = performance.now()
  const client = async () => {
    while (performance.now() - start < ms) {
      const began = performance.now()
      await post(url, agent, type, body)
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  return { perSecond: times.length / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

function post(url: string, agent: Agent, type: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': body.length }
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () =>
        answer.statusCode === 202 ? resolve() : reject(new Error(`${url}: ${answer.statusCode} ${text}`)),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
