import {
  fieldWords,
  keyLimits,
  keyScopeList,
  keyScopes,
  type SafetyPolicy,
  safetyPolicy,
  tenantName,
} from '@pentimento/contracts'
import type { NewKey, TenantLimits } from '@pentimento/state'

/** Options of the command line as they were typed. */
export type Values = Record<string, string | undefined>

const numericLimits = {
  weight: 'weight',
  'max-jobs': 'maxJobs',
  'max-queued': 'maxQueued',
  'daily-work': 'dailyWork',
  'max-storage': 'maxStorage',
  'requests-per-minute': 'requestsPerMinute',
  'max-pixels': 'maxPixels',
  'max-steps': 'maxSteps',
} as const satisfies Record<string, keyof TenantLimits>
type LimitOption = keyof typeof numericLimits

export const limitOptions = Object.keys(numericLimits) as LimitOption[]
const maxDays = 36_500

/** The key that `keys create` is asked for. @throws Error naming the option that is wrong */
export function newKey(values: Values): NewKey {
  if (values.tenant === undefined) throw new Error('--tenant NAME is needed')
  const tenant = tenantName.safeParse(values.tenant)
  if (!tenant.success) throw new Error(`--tenant ${reason(tenant.error)}`)
  const scopes = keyScopeList.safeParse((values.scopes ?? 'submit,read').split(','))
  if (!scopes.success) throw new Error(`--scopes takes ${keyScopes.join(', ')}, not "${values.scopes}"`)
  const limits: TenantLimits = {}
  for (const option of limitOptions) {
    if (values[option] !== undefined) limits[numericLimits[option]] = limit(option, values[option])
  }
  if (values.models !== undefined) limits.allowedModels = values.models.split(',').filter(Boolean)
  if (values.safety !== undefined) limits.safety = policy(values.safety)
  const days = values['expires-days'] === undefined ? null : number(values, 'expires-days', [0.001, maxDays])
  return {
    tenant: tenant.data,
    scopes: scopes.data,
    limits,
    ...(days !== null && { expiresAt: Date.now() + days * 86_400_000 }),
  }
}

function policy(text: string): SafetyPolicy {
  const { success, data } = safetyPolicy.safeParse(text)
  if (success) return data
  throw new Error(`--safety takes ${safetyPolicy.options.join(', ')}, not "${text}"`)
}

/** A limit, checked as the admin routes check it. */
function limit(option: LimitOption, text: string): number {
  const wire = option.replaceAll('-', '_') as WireName<LimitOption>
  const checked = keyLimits.shape[wire].safeParse(text.trim() === '' ? Number.NaN : Number(text), { error: fieldWords })
  if (!checked.success) throw new Error(`--${option} takes a number, not "${text}": ${reason(checked.error)}`)
  return checked.data as number
}

type WireName<S extends string> = S extends `${infer A}-${infer B}` ? `${A}_${WireName<B>}` : S

function reason(error: { issues: readonly { message: string }[] }): string {
  return error.issues.map(({ message }) => message).join('; ')
}

/** @param range lowest and highest value */
export function number(values: Values, name: string, [low, high]: [number, number], otherwise?: number): number {
  const text = values[name]
  const value = text === undefined ? otherwise : text.trim() === '' ? Number.NaN : Number(text)
  if (value === undefined || !(value >= low && value <= high))
    throw new Error(`--${name} takes a number from ${low} to ${high}, not "${text}"`)
  return value
}
