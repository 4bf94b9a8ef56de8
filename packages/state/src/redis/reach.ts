import { parseRedisUrl, type RedisTarget } from './target.ts'

/** How Redis is reached, as `stateSettings` makes it of the environment. */
export interface RedisAccess {
  /** As `parseRedisUrl` reads it. */
  redisUrl: string
  /** For a URL with TLS. */
  redisTls?: Partial<TlsFiles>
  /** For Sentinels that ask for it. */
  sentinelLogin?: Partial<Login>
  /** Prefix and hash tag of every key (`pentimento`). */
  namespace?: string
}

/** Files in PEM, read for every connection: a certificate that is renewed counts from the next one on. */
export interface TlsFiles {
  /** Of who signed the servers' certificates, in place of the well-known authorities. */
  ca: string | undefined
  /** What this client shows, and its key. */
  cert: string | undefined
  key: string | undefined
}

export interface Login {
  username: string | undefined
  password: string | undefined
}

export interface Reach {
  target: RedisTarget
  tls: TlsFiles
  /** For the Sentinels themselves. */
  sentinel: Login
  /** Of all keys, which tells their slot in a cluster. */
  hashTag: string
}

/** @throws RangeError for a URL that cannot be read */
export function reachOf({ redisUrl, redisTls, sentinelLogin, namespace = 'pentimento' }: RedisAccess): Reach {
  return {
    target: parseRedisUrl(redisUrl),
    tls: { ca: redisTls?.ca, cert: redisTls?.cert, key: redisTls?.key },
    sentinel: { username: sentinelLogin?.username, password: sentinelLogin?.password },
    hashTag: `{${namespace}}`,
  }
}
