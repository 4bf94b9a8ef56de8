import { signal } from '@preact/signals'

/** A short message about what just went wrong, shown until it is closed; empty when there is none. */
export const notice = signal('')
