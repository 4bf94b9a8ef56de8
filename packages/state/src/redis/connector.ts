import { readFile } from 'node:fs/promises'
import { createConnection, Socket } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import { AbstractConnector } from 'ioredis'
import { locate, type Opening, type OptionsFor } from './locate.ts'
import type { Login, Reach, TlsFiles } from './reach.ts'
import type { Address } from './target.ts'

/** A connection that is closed for good takes at most this long, even if the other side is frozen. */
const disconnectMs = 2000

/**
 * What every client is opened with: each of its connections, the first and those after a loss, asks anew where the
 * server is that can be written to.
 */
export function redisOptions(reach: Reach): Opening & { db: number; disableClientInfo: true } {
  const { target, sentinel, hashTag } = reach
  const optionsFor: OptionsFor = (address) => ({
    ...(target.kind === 'sentinel' ? login(sentinel) : login(target)),
    ...connectWith(reach, async () => address),
  })
  return {
    ...login(target),
    db: target.db,
    disableClientInfo: true,
    ...connectWith(reach, () => locate(target, hashTag, optionsFor)),
  }
}

/** ioredis takes null for none. */
function login({ username, password }: Login): Pick<Opening, 'username' | 'password'> {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) }
}

function connectWith({ target, tls }: Reach, find: () => Promise<Address>): Opening {
  class Connector extends AbstractConnector {
    constructor() {
      super(disconnectMs)
    }

    /** Somebody may have named a master that is none any more. */
    override check(info: { role?: string }): boolean {
      return target.kind === 'server' || info.role === undefined || info.role === 'master'
    }

    /** Never rejects, for ioredis would then give up: what failed is a connection that is lost from the start. */
    async connect(): Promise<Socket> {
      this.connecting = true
      const stream = await open().catch((error: Error) => {
        this.firstError = error
        return new Socket().destroy()
      })
      if (!this.connecting) stream.destroy()
      stream.once('error', (error) => {
        this.firstError = error
      })
      this.stream = stream
      return stream
    }
  }

  async function open(): Promise<Socket> {
    const { host, port } = await find()
    if (!target.tls) return createConnection({ host, port })
    return connect({ host, port, ...(await readTls(tls)) })
  }

  // ioredis only looks at whether there is TLS, to know what says that the connection stands.
  return { Connector, ...(target.tls && { tls: {} }) }
}

async function readTls(files: TlsFiles): Promise<ConnectionOptions> {
  const read = async (variable: string, path: string | undefined) => {
    if (path === undefined) return undefined
    return readFile(path).catch((cause: NodeJS.ErrnoException) => {
      throw new Error(`the file of ${variable} cannot be read (${cause.code})`, { cause })
    })
  }
  const [ca, cert, key] = await Promise.all([
    read('REDIS_TLS_CA', files.ca),
    read('REDIS_TLS_CERT', files.cert),
    read('REDIS_TLS_KEY', files.key),
  ])
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}
