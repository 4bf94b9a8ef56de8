import { effect, signal } from '@preact/signals'

const name = 'pentimento-key'

/** The API key, for a service that asks for one: kept in this tab's session only. */
export const key = signal(sessionStorage.getItem(name) ?? '')

/** Whether the service has refused a request for want of a valid key. */
export const keyWanted = signal(false)

/** Whether the service takes nothing without another key, until it has answered. */
export const keyRefused = signal(false)

effect(() => {
  if (key.value === '') sessionStorage.removeItem(name)
  else sessionStorage.setItem(name, key.value)
})
