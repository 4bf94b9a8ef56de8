import type { Job } from '@pentimento/contracts'
import { type Settings, settingNames, startSettings } from './settings.ts'

/** The settings that make a job of these parameters; what has no effect there is as at the start. */
export function settingsOfJob({ model, parameters }: Pick<Job, 'model' | 'parameters'>): Settings {
  const values: Record<string, unknown> = { ...parameters, model }
  const entries = settingNames.map((name) => [name, settingOf(values[name]) ?? startSettings[name]])
  return Object.fromEntries(entries)
}

function settingOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.length === 0 ? '' : JSON.stringify(value)
  return String(value)
}
