import { createSocket, type RemoteInfo } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import type { Resolve } from '../index.ts'

export interface DnsServer {
  /** Names asked for so far. */
  questions: string[]
  /** Asks this server, as a resolver of the system would. */
  resolve: Resolve
  close(): Promise<void>
}

/**
 * A name server for tests (RFC 1035, A records, no cache: TTL 0). `answer` gives the IPv4 addresses for the n-th question
 * about a name, n from 1.
 */
export async function startDnsServer(answer: (name: string, n: number) => string[]): Promise<DnsServer> {
  const questions: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const { name, end } = questionOf(query)
    questions.push(name)
    const addresses = answer(name, questions.filter((asked) => asked === name).length)
    socket.send(replyTo(query, end, addresses), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const resolver = new Resolver({ timeout: 1_000, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return {
    questions,
    resolve: async (name) => (await resolver.resolve4(name)).map((address) => ({ address, family: 4 })),
    close: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

/** The name asked for, and where the question ends. */
function questionOf(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let offset = 12
  for (let length = query[offset] ?? 0; length > 0; length = query[offset] ?? 0) {
    labels.push(query.toString('ascii', offset + 1, offset + 1 + length))
    offset += 1 + length
  }
  return { name: labels.join('.'), end: offset + 5 }
}

function replyTo(query: Buffer, end: number, addresses: string[]): Buffer {
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(addresses.length > 0 ? 0x8180 : 0x8183, 2) // an answer, or NXDOMAIN
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(addresses.length, 6)
  // Name: a pointer to the question; type A, class IN, TTL 0, four bytes.
  const fixed = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4])
  const records = addresses.flatMap((address) => [fixed, Buffer.from(address.split('.').map(Number))])
  return Buffer.concat([header, query.subarray(12, end), ...records])
}
