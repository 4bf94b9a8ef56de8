import { Dices, Repeat2 } from 'lucide'
import type { JSX } from 'preact'
import { IconButton } from '../chrome/icon-button.tsx'
import { lastSeed } from '../state/runs.ts'
import { change } from '../state/settings.ts'
import { NumberField } from './number-field.tsx'

/** The seed; -1 draws a new one for every run. */
export function SeedField(): JSX.Element {
  const seed = lastSeed.value
  return (
    <NumberField name="seed" label="Seed">
      <IconButton icon={Dices} label="New seed for every run" onClick={() => change({ seed: '-1' })} />
      <IconButton
        icon={Repeat2}
        label="Reuse the last run’s seed"
        disabled={seed === null}
        onClick={() => change({ seed: String(seed) })}
      />
    </NumberField>
  )
}
