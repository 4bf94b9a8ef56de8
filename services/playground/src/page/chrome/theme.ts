import { effect, signal } from '@preact/signals'

const name = 'pentimento-theme'
const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

function kept(): Theme {
  return themes.find((theme) => theme === localStorage.getItem(name)) ?? 'system'
}

/** What the page looks like: as the system does, light, or dark. */
export const theme = signal<Theme>(kept())

effect(() => {
  document.documentElement.dataset.theme = theme.value
  localStorage.setItem(name, theme.value)
})

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system'
}
