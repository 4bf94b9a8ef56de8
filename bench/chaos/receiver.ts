import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal, type Job } from '@pentimento/contracts'

/** Webhook receivers that remember what came, by job and event type: the ids of the events. */
export interface Receiver {
  /** One for each port. */
  urls: string[]
  events: Map<string, Map<string, Set<string>>>
  /** Jobs whose end was told, as it was told last. */
  ended: Map<string, Job>
  close(): Promise<void>
}

/**
 * Answers 204 after up to `slowMs`, so that deliveries are under way when something is killed.
 *
 * @param ports how many receivers there are: each is sent a few events at a time
 */
export async function startReceiver(slowMs: number, ports = 1): Promise<Receiver> {
  const events: Receiver['events'] = new Map()
  const ended: Receiver['ended'] = new Map()
  const listen = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    await sleep(Math.random() * slowMs)
    const { type, data } = JSON.parse(Buffer.concat(chunks).toString()) as { type: string; data: Job }
    const ofJob = events.get(data.id) ?? new Map<string, Set<string>>()
    const ids = ofJob.get(type) ?? new Set()
    if (isFinal(data.status)) ended.set(data.id, data)
    events.set(data.id, ofJob.set(type, ids.add(String(request.headers['webhook-id']))))
    response.writeHead(204).end()
  }
  const servers = Array.from({ length: ports }, () => createServer(listen).listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  return {
    urls: servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`),
    events,
    ended,
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
      await Promise.all(servers.map((server) => once(server, 'close')))
    },
  }
}
