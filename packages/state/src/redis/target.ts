/** Where Redis is to be found, as REDIS_URL says it. */
export interface RedisTarget {
  /**
   * `server`: the node is the server, or a name that leads to it. `sentinel`: the nodes are Sentinels, which know where
   * the master is. `cluster`: the nodes are some of a Redis Cluster, which know who serves a slot.
   */
  kind: 'server' | 'sentinel' | 'cluster'
  /** At least one. */
  nodes: Address[]
  /** What Sentinels call the master; empty otherwise. */
  master: string
  tls: boolean
  username: string | undefined
  password: string | undefined
  db: number
}

export interface Address {
  host: string
  port: number
}

const example = {
  server: 'redis://localhost:6379',
  sentinel: 'redis+sentinel://host1,host2/name',
  cluster: 'redis+cluster://host1,host2',
}
const defaultPort = { server: 6379, sentinel: 26_379, cluster: 6379 }
const kinds: Record<string, RedisTarget['kind']> = { '': 'server', '+sentinel': 'sentinel', '+cluster': 'cluster' }

/**
 * `redis://[user[:password]@]host[:port][/db]`, with `rediss` for TLS; `redis+sentinel://…@host,host/name[/db]` and
 * `redis+cluster://…@host,host` likewise. User and password are percent-encoded.
 *
 * @throws RangeError whose message says what the URL must be, and repeats nothing of it
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = /^redis(s?)(\+sentinel|\+cluster)?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^?#]*))?$/.exec(url)
  const kind = kinds[match?.[2] ?? '']
  if (match === null || kind === undefined)
    throw new RangeError(`must be a URL such as ${example.server}, ${example.sentinel} or ${example.cluster}`)
  const fail = (what: string): never => {
    throw new RangeError(`must be a URL such as ${example[kind]}: ${what}`)
  }
  const [, secure, , user, hosts = '', path = ''] = match
  const nodes = hosts.split(',').map((host) => parseAddress(host, defaultPort[kind]) ?? fail('a host cannot be read'))
  if (kind === 'server' && nodes.length > 1) fail('only Sentinels and nodes of a cluster may be several')
  const parts = path.split('/')
  const master = kind === 'sentinel' ? (parts.shift() ?? '') : ''
  if (kind === 'sentinel' && master === '') fail('the name that the Sentinels give to the master is missing')
  const db = parts.length === 0 || parts[0] === '' ? 0 : Number(parts[0])
  if (parts.length > 1 || !Number.isInteger(db) || db < 0) fail('the number of a database ends it')
  if (kind === 'cluster' && db > 0) fail('a cluster has only the database 0')
  const [username, password] = credentials(user) ?? fail('user and password must be percent-encoded')
  return { kind, nodes, master: decode(master) ?? master, tls: secure === 's', username, password, db }
}

function parseAddress(text: string, otherwise: number): Address | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text.trim())
  const host = match?.[1] ?? match?.[2]
  const port = match?.[3] === undefined ? otherwise : Number(match[3])
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port }
}

function credentials(user = ''): [string | undefined, string | undefined] | null {
  const colon = user.indexOf(':')
  const [name, password] = colon < 0 ? [user, ''] : [user.slice(0, colon), user.slice(colon + 1)]
  const decoded = [decode(name), decode(password)]
  if (decoded.includes(null)) return null
  return [decoded[0] || undefined, decoded[1] || undefined]
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
