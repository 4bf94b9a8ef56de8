import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal, type Job } from '@pentimento/contracts'

/** A webhook receiver that remembers what came, by job and event type: the ids of the events. */
export interface Receiver {
  url: string
  events: Map<string, Map<string, Set<string>>>
  /** Jobs whose end was told, as it was told last. */
  ended: Map<string, Job>
  close(): Promise<void>
}

/** Answers 204 after up to `slowMs`, so that deliveries are under way when something is killed. */
export async function startReceiver(slowMs: number): Promise<Receiver> {
  const events: Receiver['events'] = new Map()
  const ended: Receiver['ended'] = new Map()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    await sleep(Math.random() * slowMs)
    const { type, data } = JSON.parse(Buffer.concat(chunks).toString()) as { type: string; data: Job }
    const ofJob = events.get(data.id) ?? new Map<string, Set<string>>()
    const ids = ofJob.get(type) ?? new Set()
    if (isFinal(data.status)) ended.set(data.id, data)
    events.set(data.id, ofJob.set(type, ids.add(String(request.headers['webhook-id']))))
    response.writeHead(204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    events,
    ended,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
