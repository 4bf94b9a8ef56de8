import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { openUrl, signing } from './signing.ts'

const secret = randomBytes(32).toString('base64')
const path = '/v1/jobs/job_x/images/0'

/** Keys of tenants `a` and `b`, as a deployment keeps them. */
function deployment(
  options: { secret?: string; lifeMs?: number; key?: { scopes?: string[]; expiresAt?: number } } = {},
) {
  const made = ['a', 'b'].map((tenant) => {
    const id = tenant.repeat(12)
    const key = { id, tenant, scopes: ['read'], expiresAt: null, ...options.key }
    return { key, hash: randomBytes(32).toString('base64url') }
  })
  const held = new Map(made.map((one) => [one.key.id, one]))
  const keyOf = async (id: string) => held.get(id) ?? null
  const { lifeMs = 3_600_000 } = options
  return { ids: [...held.keys()], held, ...signing({ keyOf, secret: options.secret ?? secret, lifeMs }) }
}

async function signed(from: ReturnType<typeof deployment>, which = 0, untilMs?: number): Promise<string> {
  return (await from.signer(from.ids[which] ?? '', untilMs))?.sign(path) ?? 'none'
}

it('opens the path that was signed, for the tenant whose key signed it, and nothing else', async () => {
  const keys = deployment()
  const token = await signed(keys)
  expect(await keys.opened(token, ['/other', path])).toMatchObject({ key: { tenant: 'a' } })
  const other = '/v1/jobs/job_x/images/1'
  for (const paths of [[], [other], [`${path}/`], ['/v1/jobs/job_x'], [`${path}0`], ['']])
    expect(await keys.opened(token, paths), String(paths)).toBeNull()
})

it('takes no signature that was changed anywhere, another key’s or another deployment’s', async () => {
  const keys = deployment()
  const token = await signed(keys)
  for (let at = 0; at < token.length; at++) {
    const letter = token[at] === 'a' ? 'b' : 'a'
    expect(await keys.opened(token.slice(0, at) + letter + token.slice(at + 1), [path]), `letter ${at}`).toBeNull()
  }
  const [a = '', b = ''] = keys.ids
  for (const text of [token.replace(a, b), token.slice(0, -1), `${token}a`, '', 'pmt_', token.replace('_', '__')])
    expect(await keys.opened(text, [path]), text).toBeNull()
  // With the same keys in Redis, and another SECRETS_KEY.
  const elsewhere = signing({ keyOf: async (id) => keys.held.get(id) ?? null, secret: 'other', lifeMs: 1000 })
  expect(await elsewhere.opened(token, [path])).toBeNull()
})

it('ends at its time, with its key, and before its key does', async () => {
  const keys = deployment()
  expect(await keys.opened(await signed(keys, 0, Date.now() - 1), [path])).toBeNull()
  const token = await signed(keys)
  keys.held.clear()
  expect(await keys.opened(token, [path])).toBeNull()
  const expiresAt = Date.now() + 10_500
  const brief = deployment({ key: { expiresAt } })
  expect((await brief.signer(brief.ids[0] ?? ''))?.until).toBe(Math.floor(expiresAt / 1000) * 1000)
})

it('is made by no key that may not read', async () => {
  const keys = deployment({ key: { scopes: ['submit', 'admin'] } })
  expect(await keys.signer(keys.ids[0] ?? '')).toBeNull()
  expect(await keys.signer('unknown')).toBeNull()
})

it('lasts three quarters of its life at least, and stays the same for a quarter', async () => {
  const keys = deployment({ lifeMs: 3_600_000 })
  const signer = await keys.signer(keys.ids[0] ?? '')
  const left = (signer?.until ?? 0) - Date.now()
  expect(left).toBeGreaterThan(2_699_000)
  expect(left).toBeLessThanOrEqual(3_600_000)
  expect(openUrl('https://p.example', path, signer)).toBe(`https://p.example${path}?token=${signer?.sign(path)}`)
  expect(openUrl('https://p.example', path, null)).toBe(`https://p.example${path}`)
})
