import { Agent, type OutgoingHttpHeaders, request } from 'node:http'

export interface Answer {
  status: number
  body: string
}

export interface Connections {
  /** Sends over the next free connection; when none is free, waits for the one whose turn it is. */
  send(method: string, url: string, headers: OutgoingHttpHeaders, body?: Buffer): Promise<Answer>
  close(): void
}

/** So many kept connections, used in turn, as many clients have one each. */
export function openConnections(count: number): Connections {
  const lines = Array.from({ length: count }, () => ({
    agent: new Agent({ keepAlive: true, maxSockets: 1 }),
    busy: 0,
  }))
  let turn = 0

  return {
    send(method, url, headers, body) {
      turn = (turn + 1) % lines.length
      const order = [...lines.slice(turn), ...lines.slice(0, turn)]
      const line = order.find(({ busy }) => busy === 0) ?? order[0]
      if (!line) throw new Error('there are no connections')
      line.busy++
      return exchange(line.agent, method, url, headers, body).finally(() => {
        line.busy--
      })
    },
    close() {
      for (const { agent } of lines) agent.destroy()
    },
  }
}

function exchange(
  agent: Agent,
  method: string,
  url: string,
  headers: OutgoingHttpHeaders,
  body?: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, agent, headers: { ...headers, 'content-length': body?.length ?? 0 } },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
