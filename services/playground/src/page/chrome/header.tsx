import { BookOpen, Keyboard, KeyRound, Moon, Sun, SunMoon } from 'lucide'
import type { JSX } from 'preact'
import { key, keyWanted } from '../api/key.ts'
import { type Mode, mode } from '../state/board.ts'
import { tool } from '../state/tools.ts'
import { Icon } from './icon.tsx'
import { IconButton } from './icon-button.tsx'
import { keyDialogOpen } from './key-dialog.tsx'
import { keysOpen } from './keys-dialog.tsx'
import { nextTheme, theme } from './theme.ts'

const modes: { name: Mode; label: string }[] = [
  { name: 'text', label: 'Text' },
  { name: 'sketch', label: 'Sketch' },
  { name: 'inpaint', label: 'Inpaint' },
]
const themeIcons = { system: SunMoon, light: Sun, dark: Moon }

/** The name, what to do with the picture, and the way to the reference, the key and the light. */
export function Header(): JSX.Element {
  return (
    <header class="header">
      <h1 class="wordmark" data-text="Pentimento">
        Pentimento
      </h1>
      <fieldset class="segmented modes" aria-label="Mode">
        {modes.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            aria-pressed={mode.value === name}
            onClick={() => {
              mode.value = name
              if (tool.value !== 'eraser') tool.value = 'brush'
            }}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <nav class="header-end" aria-label="Service">
        <a class="icon-button wide" href="docs" title="API reference">
          <Icon of={BookOpen} />
          <span>API</span>
        </a>
        <IconButton
          icon={Keyboard}
          label="Keys"
          shortcut="?"
          onClick={() => {
            keysOpen.value = true
          }}
        />
        <IconButton
          icon={KeyRound}
          label={key.value === '' ? 'API key' : 'API key (set)'}
          pressed={key.value !== '' && !keyWanted.value}
          onClick={() => {
            keyDialogOpen.value = true
          }}
        />
        <IconButton icon={themeIcons[theme.value]} label={`Theme: ${theme.value}`} onClick={nextTheme} />
      </nav>
    </header>
  )
}
