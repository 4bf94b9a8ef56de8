import { parseArgs } from 'node:util'
import { type ApiKey, openState, type Scope, type State, type TenantLimits } from '@pentimento/state'
import type { CliConfig } from '../config.ts'
import { withRedis } from '../with-redis.ts'

const usage = `npm run keys -- create --tenant NAME [--scopes submit,read,admin] [--expires-days N] [limits]
npm run keys -- list [--tenant NAME]
npm run keys -- revoke ID
npm run keys -- rotate ID [--overlap-hours 24]

limits: --weight --max-jobs --max-queued --daily-work (megapixel-steps) --requests-per-minute --max-pixels --max-steps, numbers; --models a,b`

const scopes: readonly Scope[] = ['submit', 'read', 'admin']
const numericLimits = {
  weight: 'weight',
  'max-jobs': 'maxJobs',
  'max-queued': 'maxQueued',
  'daily-work': 'dailyWork',
  'requests-per-minute': 'requestsPerMinute',
  'max-pixels': 'maxPixels',
  'max-steps': 'maxSteps',
} as const satisfies Record<string, keyof TenantLimits>

type Values = Record<string, string | undefined>

/** `npm run keys`: makes and ends API keys, in the Redis of REDIS_URL or of this DATA_DIR. A token is shown once. */
export async function keys(config: CliConfig, args: string[]): Promise<number> {
  const names = ['tenant', 'scopes', 'expires-days', 'overlap-hours', 'models', ...Object.keys(numericLimits)]
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [verb, id] = positionals
  const needsId = verb === 'revoke' || verb === 'rotate'
  if (!['create', 'list', 'revoke', 'rotate'].includes(verb ?? '') || needsId !== (id !== undefined)) {
    console.error(usage)
    return 2
  }
  return withRedis(config, async (redisUrl) => {
    const state = await openState({
      redisUrl,
      ...(config.redisNamespace && { namespace: config.redisNamespace }),
      onError: () => {},
    })
    try {
      return await run(state, verb ?? '', id ?? '', values as Values)
    } finally {
      await state.close()
    }
  })
}

async function run({ tenants }: State, verb: string, id: string, values: Values): Promise<number> {
  if (verb === 'list') {
    for (const key of await tenants.listKeys(values.tenant)) console.log(line(key))
    return 0
  }
  if (verb === 'revoke') {
    if (!(await tenants.revokeKey(id))) throw new Error(`there is no key ${id}`)
    console.log(`${id} is revoked; every api knows within 10 s`)
    return 0
  }
  const made =
    verb === 'create'
      ? await tenants.createKey(newKey(values))
      : await tenants.rotateKey(id, number(values, 'overlap-hours', 24) * 3_600_000)
  if (made === null) throw new Error(`there is no key ${id} that could be rotated`)
  console.log(line(made.key))
  console.log(`${made.token}\nThis is the only time that the token is shown.`)
  return 0
}

function newKey(values: Values) {
  const { tenant } = values
  if (!tenant || !/^[a-z0-9][a-z0-9_-]{0,62}$/.test(tenant))
    throw new Error('--tenant takes 1 to 63 of a-z, 0-9, _ and -')
  const asked = (values.scopes ?? 'submit,read').split(',')
  for (const scope of asked)
    if (!scopes.includes(scope as Scope)) throw new Error(`--scopes takes ${scopes.join(', ')}, not "${scope}"`)
  const limits: TenantLimits = {}
  for (const [option, name] of Object.entries(numericLimits))
    if (values[option] !== undefined) limits[name] = number(values, option)
  if (values.models !== undefined) limits.allowedModels = values.models.split(',')
  const days = values['expires-days'] === undefined ? null : number(values, 'expires-days')
  return {
    tenant,
    scopes: asked as Scope[],
    limits,
    ...(days !== null && { expiresAt: Date.now() + days * 86_400_000 }),
  }
}

function number(values: Values, name: string, otherwise?: number): number {
  const text = values[name]
  const value = text === undefined ? otherwise : Number(text)
  if (value === undefined || !(value > 0)) throw new Error(`--${name} takes a number above 0, not "${text}"`)
  return value
}

function line(key: ApiKey): string {
  const day = (time: number | null) =>
    time === null ? 'never' : new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  const state =
    key.revokedAt !== null ? 'revoked' : key.expiresAt !== null && key.expiresAt < Date.now() ? 'expired' : 'valid'
  const limits = Object.entries(key.limits).map(([name, value]) => `${name}=${value}`)
  return [
    `pmt_${key.id}_…`,
    key.tenant,
    key.scopes.join('+'),
    state,
    `expires ${day(key.expiresAt)}`,
    `used ${day(key.lastUsedAt)}`,
    ...limits,
  ].join('  ')
}
