import { parseArgs } from 'node:util'
import { type ApiKey, openState, type State, type Tenants, toKey, toUsage } from '@pentimento/state'
import type { CliConfig } from '../config.ts'
import { withRedis } from '../with-redis.ts'
import { limitOptions, newKey, number, type Values } from './new-key.ts'

const usage = `npm run keys -- create --tenant NAME [--scopes submit,read,admin] [--expires-days N] [limits]
npm run keys -- list [--tenant NAME] [--json]
npm run keys -- usage [--tenant NAME] [--json]: jobs, work of the day and storage of each tenant
npm run keys -- revoke ID, or --tenant NAME for all of a tenant's
npm run keys -- rotate ID, or --tenant NAME for all of a tenant's [--overlap-hours 24]

limits: --weight --max-jobs --max-queued --daily-work (megapixel-steps) --max-storage (MB)
        --requests-per-minute --max-pixels --max-steps, numbers; --models a,b;
        --safety off|flag|block`

const optionsOf: Record<string, readonly string[]> = {
  create: ['tenant', 'scopes', 'expires-days', 'models', 'safety', ...limitOptions],
  list: ['tenant', 'json'],
  usage: ['tenant', 'json'],
  revoke: ['tenant'],
  rotate: ['tenant', 'overlap-hours'],
}
/** `npm run keys`: makes and ends API keys, in the Redis of REDIS_URL or of this DATA_DIR. A token is shown once. */
export async function keys(config: CliConfig, [verb = '', ...args]: string[]): Promise<number> {
  const typed = (name: string) => ({ type: name === 'json' ? ('boolean' as const) : ('string' as const) })
  const options = Object.fromEntries((optionsOf[verb] ?? []).map((name) => [name, typed(name)]))
  if (optionsOf[verb] === undefined) {
    console.error(usage)
    return 2
  }
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const ofMany = verb === 'revoke' || verb === 'rotate'
  const named = positionals.length + (ofMany && values.tenant !== undefined ? 1 : 0)
  if (named !== (ofMany ? 1 : 0)) {
    console.error(usage)
    return 2
  }
  return withRedis(config, async (redisUrl) => {
    const state = await openState({ ...config.state, redisUrl, onError: () => {} })
    try {
      const { json = false, ...texts } = values
      await run(state, verb, positionals[0], texts as Values, json === true)
      return 0
    } finally {
      await state.close()
    }
  })
}

async function run(
  { tenants }: State,
  verb: string,
  id: string | undefined,
  values: Values,
  json: boolean,
): Promise<void> {
  const named = { id, tenant: values.tenant }
  if (verb === 'list') {
    const found = await tenants.listKeys(values.tenant)
    if (json) console.log(JSON.stringify(found.map(toKey), null, 2))
    else for (const key of found) console.log(line(key))
  } else if (verb === 'usage') {
    const used = await usageOfTenants(tenants, values.tenant)
    if (json) console.log(JSON.stringify(used, null, 2))
    else for (const one of used) console.log(usageLine(one))
  } else if (verb === 'create') {
    show(await tenants.createKey(newKey(values)))
  } else if (verb === 'revoke') {
    for (const one of await chosen(tenants, named, ['valid', 'rotated'])) {
      if (!(await tenants.revokeKey(one))) throw new Error(`there is no key ${one}`)
      console.log(`${one} is revoked; every api knows within 10 s`)
    }
  } else {
    const overlapMs = number(values, 'overlap-hours', [0, 8760], 24) * 3_600_000
    for (const one of await chosen(tenants, named, ['valid'])) {
      const made = await tenants.rotateKey(one, overlapMs)
      if (made === null) throw new Error(`there is no key ${one}, or it is revoked, expired or was rotated before`)
      show(made)
    }
  }
}

type Used = ReturnType<typeof toUsage>

/** Of the tenant that is named, else of all that have a key, and of those without keys. */
async function usageOfTenants(tenants: Tenants, tenant: string | undefined): Promise<Used[]> {
  const withKeys = tenant === undefined ? (await tenants.listKeys()).map((key) => key.tenant) : [tenant]
  const names = new Set(tenant === undefined ? ['default', ...withKeys] : withKeys)
  return Promise.all([...names].toSorted().map(async (name) => toUsage(name, await tenants.usage(name))))
}

function usageLine({ tenant, jobs, queued, work_today, storage }: Used): string {
  const work = `${work_today.toFixed(1)} megapixel-steps today`
  return [tenant, `${jobs} jobs`, `${queued} waiting`, work, `${storage.toFixed(1)} MB`].join('  ')
}

/** The id that was named, also as `list` shows it, or the ids of the tenant's keys in these states. */
async function chosen(
  tenants: Tenants,
  { id, tenant }: { id: string | undefined; tenant: string | undefined },
  states: readonly KeyState[],
): Promise<string[]> {
  if (id !== undefined) return [id.replace(/^pmt_([a-z2-7]{12}).*$/, '$1')]
  const found = (await tenants.listKeys(tenant)).filter((key) => states.includes(stateOf(key)))
  if (found.length === 0) throw new Error(`the tenant ${tenant} has no key that is ${states.join(' or ')}`)
  return found.map((key) => key.id)
}

function show({ key, token }: { key: ApiKey; token: string }): void {
  console.log(line(key))
  console.log(`${token}\nThis is the only time that the token is shown.`)
}

/** `rotated`: still valid, and another has taken its place. */
type KeyState = 'revoked' | 'expired' | 'rotated' | 'valid'

function stateOf(key: ApiKey): KeyState {
  if (key.revokedAt !== null) return 'revoked'
  if (key.expiresAt !== null && key.expiresAt <= Date.now()) return 'expired'
  return key.rotatedAt === null ? 'valid' : 'rotated'
}

function line(key: ApiKey): string {
  const day = (time: number | null) =>
    time === null ? 'never' : new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  const limits = Object.entries(key.limits).map(([name, value]) => `${name}=${value}`)
  return [
    `pmt_${key.id}_…`,
    key.tenant,
    key.scopes.join('+'),
    stateOf(key),
    `expires ${day(key.expiresAt)}`,
    `used ${day(key.lastUsedAt)}`,
    ...limits,
  ].join('  ')
}
