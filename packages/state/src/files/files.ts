import { storageLua } from '../lua/storage.ts'
import { type List, listOf, script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'

/** What is known of a file that a tenant has put down for its requests. Its bytes lie in the storage. */
export interface FileRecord {
  id: string
  tenant: string
  name: string
  contentType: string
  /** Extension of its object. */
  format: string
  bytes: number
  sha256: string
  /** Epoch ms, both. */
  createdAt: number
  expiresAt: number
}

/**
 * Files beside jobs: `file:{tenant}:{id}` and, over all tenants, `files` by when each ends. They count in what their
 * tenant keeps.
 */
export interface Files {
  add(file: FileRecord): Promise<void>
  get(tenant: string, id: string): Promise<FileRecord | null>
  /** The tenant's, the newest first, at most 100. */
  list(tenant: string): Promise<FileRecord[]>
  /** Forgets a file, whose object is to be deleted before. False where there was none. */
  remove(tenant: string, id: string): Promise<boolean>
  /** Files whose time is over; each comes up again until `remove`. */
  due(limit: number): Promise<{ tenant: string; id: string; format: string }[]>
}

const most = 100

const addScript = script<{ file: FileRecord; json: string }, boolean>(
  'pentimentoAddFile',
  [],
  storageLua,
  `
local file = input.file
redis.call('SET', ns .. 'file:' .. file.tenant .. ':' .. file.id, input.json)
redis.call('ZADD', ns .. 'files:' .. file.tenant, file.createdAt, file.id)
redis.call('ZADD', ns .. 'files', file.expiresAt, file.tenant .. ' ' .. file.id .. ' ' .. file.format)
addStored(file.tenant, file.bytes)
return true
`,
)

const removeScript = script<{ tenant: string; id: string }, boolean>(
  'pentimentoRemoveFile',
  ['allow-oom'],
  storageLua,
  `
local key = ns .. 'file:' .. input.tenant .. ':' .. input.id
local json = redis.call('GET', key)
if not json then return false end
local file = cjson.decode(json)
redis.call('DEL', key)
redis.call('ZREM', ns .. 'files:' .. input.tenant, input.id)
redis.call('ZREM', ns .. 'files', input.tenant .. ' ' .. input.id .. ' ' .. file.format)
addStored(input.tenant, -file.bytes)
return true
`,
)

const dueScript = script<{ limit: number }, List<string>>(
  'pentimentoDueFiles',
  ['no-writes'],
  "return redis.call('ZRANGE', ns .. 'files', '-inf', now(), 'BYSCORE', 'LIMIT', 0, input.limit)",
)

export function createFiles(store: Store): Files {
  const name = (tenant: string, id: string) => `${store.prefix}file:${tenant}:${id}`
  async function read(keys: string[]): Promise<FileRecord[]> {
    if (keys.length === 0) return []
    const found = await store.call((redis) => redis.mget(keys))
    return found.flatMap((json) => (json === null ? [] : [JSON.parse(json) as FileRecord]))
  }
  return {
    async add(file) {
      await store.run(addScript, { file, json: JSON.stringify(file) })
    },
    async get(tenant, id) {
      const [file] = await read([name(tenant, id)])
      return file && file.expiresAt > Date.now() ? file : null
    },
    async list(tenant) {
      const ids = await store.call((redis) => redis.zrevrange(`${store.prefix}files:${tenant}`, 0, most - 1))
      return read(ids.map((id) => name(tenant, id)))
    },
    remove: (tenant, id) => store.run(removeScript, { tenant, id }),
    async due(limit) {
      return listOf(await store.run(dueScript, { limit })).map((line) => {
        const [tenant = '', id = '', format = ''] = line.split(' ')
        return { tenant, id, format }
      })
    },
  }
}
