import { resolveSampler, resolveSchedule } from '@pentimento/vocabulary'
import type { Sent } from './values.ts'

/** Samplers of AUTOMATIC1111 that we do not have, and the one that is nearest. */
const nearest: Record<string, string> = {
  'dpm fast': 'dpmpp_2m',
  'dpm adaptive': 'dpmpp_2m',
  restart: 'heun',
  'dpm++ 2m sde heun': 'dpmpp_2m_sde',
  'ddim cfg++': 'ddim',
}

interface Sampling {
  /** Undefined: the model's own. */
  sampler: string | undefined
  schedule: string | undefined
  /** What was asked for and is another now. */
  replaced: string[]
}

/**
 * Which sampler and schedule a client means: `sampler_name`, else `sampler_index`; a `scheduler` that is sent,
 * "Automatic" included, is stronger than one that the sampler's name carries (`modules/sd_samplers.py`,
 * get_sampler_and_scheduler).
 */
export function samplingOf(sent: Sent): Sampling {
  const [named, scheduler] = [sent.sampler_name || sent.sampler_index, sent.scheduler].map((value) =>
    typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined,
  )
  const replaced: string[] = []
  const known = named === undefined ? undefined : (resolveSampler(named) ?? nearestOf(named))
  if (named !== undefined && !resolveSampler(named)) replaced.push(`sampler ${named}`.slice(0, 100))
  const schedule = scheduler === undefined ? undefined : resolveSchedule(scheduler)
  if (scheduler !== undefined && schedule === undefined) replaced.push(`scheduler ${scheduler}`.slice(0, 100))
  return {
    sampler: known?.sampler,
    schedule: scheduler === undefined ? (known?.schedule ?? undefined) : (schedule ?? 'automatic'),
    replaced,
  }
}

function nearestOf(named: string): ReturnType<typeof resolveSampler> {
  const lower = named.toLowerCase().replace(/\s+/g, ' ')
  const name = Object.keys(nearest).find((one) => lower === one || lower.startsWith(`${one} `))
  if (name === undefined) return undefined
  return resolveSampler(`${nearest[name]}${lower.slice(name.length)}`) ?? resolveSampler(nearest[name] ?? '')
}
