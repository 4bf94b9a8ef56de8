import type { JSX } from 'preact'
import { Icon, type IconNode } from './icon.tsx'

interface IconButtonProps {
  icon: IconNode
  /** What it does, for screen readers and as its tip. */
  label: string
  onClick: () => void
  /** Set for a button that stays pressed. */
  pressed?: boolean
  disabled?: boolean
  /** Key that does the same, shown in the tip. */
  shortcut?: string
  /** Shows the label beside the icon. */
  wide?: boolean
}

export function IconButton({ icon, label, onClick, pressed, disabled, shortcut, wide }: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={wide ? 'icon-button wide' : 'icon-button'}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${label} (${shortcut})` : label}
      disabled={disabled ?? false}
      onClick={onClick}
    >
      <Icon of={icon} />
      {wide && <span>{label}</span>}
    </button>
  )
}
