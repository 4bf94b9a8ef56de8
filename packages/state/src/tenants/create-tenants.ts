import { secondsUntilNext } from '../jobs/standing.ts'
import { secondsUntilStorage } from '../jobs/storage.ts'
import { script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import { sameHash } from '../signing/same-hash.ts'
import { signing } from '../signing/signing.ts'
import { hashToken, isKeyId, newToken, tokenId } from './api-keys.ts'
import { requestRate } from './request-rate.ts'
import type { ApiKey, NewKey, Scope, TenantLimits, Tenants } from './tenants.ts'
import { usageOf } from './usage.ts'

/** Not by the time of day: a clock that is set back would keep a revoked key. */
const cacheMs = 5000
const cacheSize = 10_000
const dayMs = 24 * 3600 * 1000
/** How exactly `lastUsedAt` is kept. */
const usedEveryMs = 60_000

const createKeyScript = script<{ id: string; fields: Record<string, string> }, null>(
  'pentimentoCreateKey',
  [],
  `
for field, value in pairs(input.fields) do redis.call('HSET', ns .. 'key:' .. input.id, field, value) end
redis.call('SADD', ns .. 'keys', input.id)
`,
)

interface Rotation {
  id: string
  /** Epoch milliseconds, both. */
  now: number
  overlapEnds: number
  successor: { id: string; fields: Record<string, string> }
}

/**
 * False when the key cannot be rotated any more: of two rotations at once one is made, and none of a key that is
 * revoked meanwhile.
 */
const rotateKeyScript = script<Rotation, boolean>(
  'pentimentoRotateKey',
  [],
  `
local old, successor = ns .. 'key:' .. input.id, input.successor
local stands = redis.call('HMGET', old, 'hash', 'revoked', 'rotated', 'expires')
local expires = tonumber(stands[4] or math.huge)
if not stands[1] or stands[2] or stands[3] or expires <= input.now then return false end
for field, value in pairs(successor.fields) do redis.call('HSET', ns .. 'key:' .. successor.id, field, value) end
redis.call('SADD', ns .. 'keys', successor.id)
redis.call('HSET', old, 'rotated', input.now)
if input.overlapEnds < expires then redis.call('HSET', old, 'expires', input.overlapEnds) end
return true
`,
)

interface Stored {
  key: ApiKey
  hash: string
}

interface TenantsOptions {
  secretsKey: string | undefined
  signedUrlMs: number
  onError(error: Error): void
}

export function createTenants(store: Store, { secretsKey, signedUrlMs, onError }: TenantsOptions): Tenants {
  const usedAt = new Map<string, number>()
  const keyName = (id: string) => `${store.prefix}key:${id}`

  async function load(id: string): Promise<Stored | null> {
    const fields = await store.call((redis) => redis.hgetall(keyName(id)))
    return fields.hash === undefined ? null : { key: parseKey(id, fields), hash: fields.hash }
  }

  const { standing, forget } = rememberKeys(load)

  function noteUse(id: string, now: number): void {
    if (now - (usedAt.get(id) ?? 0) < usedEveryMs) return
    if (usedAt.size >= cacheSize) usedAt.clear()
    usedAt.set(id, now)
    store.call((redis) => redis.hset(keyName(id), 'used', now)).catch(onError)
  }

  async function createKey(wanted: NewKey): Promise<{ key: ApiKey; token: string }> {
    const { token, ...kept } = newKey(wanted)
    await store.runReplicated(createKeyScript, kept)
    return { key: parseKey(kept.id, kept.fields), token }
  }

  async function listKeys(tenant?: string): Promise<ApiKey[]> {
    const ids = await store.call((redis) => redis.smembers(`${store.prefix}keys`))
    const stored = await Promise.all(ids.map(load))
    return stored
      .flatMap((one) => (one === null ? [] : [one.key]))
      .filter((key) => tenant === undefined || key.tenant === tenant)
      .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  }

  return {
    ...requestRate(store),
    ...signing({ keyOf: standing, secret: secretsKey ?? '', lifeMs: signedUrlMs }),
    createKey,
    listKeys,

    async verify(token) {
      const id = tokenId(token)
      if (id === null) return null
      const stored = await standing(id)
      if (stored === null || !sameHash(stored.hash, hashToken(token))) return null
      noteUse(id, Date.now())
      return stored.key
    },

    async revokeKey(id) {
      if (!isKeyId(id) || (await load(id)) === null) return false
      await store.call((redis) => redis.hsetnx(keyName(id), 'revoked', Date.now()))
      forget(id)
      return true
    },

    async rotateKey(id, overlapMs = dayMs) {
      const old = isKeyId(id) ? await load(id) : null
      if (old === null || !isValid(old.key) || old.key.rotatedAt !== null) return null
      const { tenant, scopes, limits, expiresAt } = old.key
      const { token, ...successor } = newKey({ tenant, scopes, limits, ...(expiresAt !== null && { expiresAt }) })
      const now = Date.now()
      const rotation = { id, now, overlapEnds: now + overlapMs, successor }
      if (!(await store.runReplicated(rotateKeyScript, rotation))) return null
      forget(id)
      return { key: parseKey(successor.id, successor.fields), token }
    },

    usage: (tenant) => usageOf(store, tenant),
    secondsUntilNext: (tenant, what) => secondsUntilNext(store, tenant, what),
    secondsUntilStorage: (tenant) => secondsUntilStorage(store, tenant),
  }
}

/** Keys that hold, as they were up to five seconds ago. */
function rememberKeys(load: (id: string) => Promise<Stored | null>) {
  const cache = new Map<string, { until: number; stored: Stored | null }>()

  async function cached(id: string): Promise<Stored | null> {
    const known = cache.get(id)
    if (known !== undefined && known.until > performance.now()) return known.stored
    const stored = await load(id)
    if (cache.size >= cacheSize) cache.clear()
    cache.set(id, { until: performance.now() + cacheMs, stored })
    return stored
  }

  return {
    async standing(id: string): Promise<Stored | null> {
      const stored = await cached(id)
      return stored !== null && isValid(stored.key) ? stored : null
    },
    forget: (id: string) => cache.delete(id),
  }
}

/** A token and what is kept of its key. */
function newKey({ tenant, scopes, limits = {}, expiresAt }: NewKey): {
  id: string
  token: string
  fields: Record<string, string>
} {
  const { id, token, hash } = newToken()
  const fields = {
    tenant,
    hash,
    scopes: scopes.join(','),
    limits: JSON.stringify(limits),
    created: String(Date.now()),
    ...(expiresAt !== undefined && { expires: String(expiresAt) }),
  }
  return { id, token, fields }
}

function isValid({ revokedAt, expiresAt }: ApiKey): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > Date.now())
}

function parseKey(id: string, fields: Record<string, string>): ApiKey {
  const time = (name: string) => (fields[name] === undefined ? null : Number(fields[name]))
  return {
    id,
    tenant: fields.tenant ?? '',
    scopes: (fields.scopes ?? '').split(',').filter(Boolean) as Scope[],
    limits: JSON.parse(fields.limits ?? '{}') as TenantLimits,
    createdAt: time('created') ?? 0,
    expiresAt: time('expires'),
    revokedAt: time('revoked'),
    rotatedAt: time('rotated'),
    lastUsedAt: time('used'),
  }
}
