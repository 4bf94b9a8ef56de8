import type { JSX } from 'preact'
import { errors, generalErrorId } from '../state/settings.ts'

/** What the service said of the last run that belongs to no field, where people look: at the picture. */
export function GeneralError(): JSX.Element | null {
  const text = errors.value['']
  if (!text) return null
  return (
    <p class="general-error" id={generalErrorId} tabIndex={-1} role="alert">
      {text}
    </p>
  )
}
