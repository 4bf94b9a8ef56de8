import { effect } from '@preact/signals'
import { type Settings, settingNames, settings } from '../state/settings.ts'

const name = 'pentimento-settings'

/** Brings back the settings of before a reload, and keeps them as long as the tab lives. */
export function keepSettings(): void {
  const kept = readSettings(sessionStorage.getItem(name))
  settings.value = { ...settings.value, ...kept }
  effect(() => sessionStorage.setItem(name, JSON.stringify(settings.value)))
}

/** The settings in a text that was kept; what is no setting is left out. */
export function readSettings(text: string | null): Partial<Settings> {
  try {
    const kept: unknown = JSON.parse(text ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(
      Object.entries(kept).filter(
        ([key, value]) => settingNames.some((known) => known === key) && typeof value === 'string',
      ),
    )
  } catch {
    return {}
  }
}
