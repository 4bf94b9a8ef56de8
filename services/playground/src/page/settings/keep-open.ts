import { type Signal, signal } from '@preact/signals'

const name = 'pentimento-more'

/** Whether the settings that few need are unfolded; as it was before a reload. */
export const moreOpen: Signal<boolean> = signal(sessionStorage.getItem(name) === 'open')

export function openMore(open: boolean): void {
  moreOpen.value = open
  sessionStorage.setItem(name, open ? 'open' : '')
}
