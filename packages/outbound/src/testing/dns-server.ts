import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { allowListOf } from '../allow-list.ts'
import type { Resolve } from '../index.ts'
import { nameResolver } from '../resolve-name.ts'

export interface DnsServer {
  /** Names asked for so far. */
  questions: string[]
  /** Our own resolver, with this server in place of the system's. */
  resolve: Resolve
  close(): Promise<void>
}

const A = 1

/**
 * A name server for tests (RFC 1035, A records, no cache: TTL 0). `answer` gives the IPv4 addresses for the n-th
 * question about a name, n from 1; null leaves the question without an answer.
 */
export async function startDnsServer(answer: (name: string, n: number) => string[] | null): Promise<DnsServer> {
  const questions: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const { name, type, end } = questionOf(query)
    if (type === A) questions.push(name)
    const known = answer(name, questions.filter((asked) => asked === name).length)
    if (known === null) return
    const addresses = type === A ? known : []
    socket.send(replyTo(query, end, addresses), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    questions,
    resolve: nameResolver(allowListOf([]), [`127.0.0.1:${socket.address().port}`]),
    close: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

/** The name and the type asked for, and where the question ends. */
function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let offset = 12
  for (let length = query[offset] ?? 0; length > 0; length = query[offset] ?? 0) {
    labels.push(query.toString('ascii', offset + 1, offset + 1 + length))
    offset += 1 + length
  }
  return { name: labels.join('.'), type: query.readUInt16BE(offset + 1), end: offset + 5 }
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
