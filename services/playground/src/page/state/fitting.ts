import type { ControlType } from '@pentimento/vocabulary'
import { computed, type ReadonlySignal } from '@preact/signals'
import type { Adapter } from '../api/client.ts'
import { adapters } from './models.ts'
import { settings } from './settings.ts'

/** Names of what goes with the chosen model, of these kinds. */
function fitting(...kinds: Adapter['kind'][]): ReadonlySignal<string[]> {
  return computed(() =>
    adapters.value
      .filter(({ kind, models }) => kinds.includes(kind) && models.includes(settings.value.model))
      .map(({ name }) => name),
  )
}

/** The kinds of pictures that a union ControlNet tells apart; none of any other. */
export function controlTypesOf(name: string): readonly ControlType[] {
  return adapters.value.find((one) => one.kind === 'controlnet' && one.name === name)?.control_types ?? []
}

export const fittingLoras = fitting('lora')
export const fittingControls = fitting('controlnet', 't2i-adapter')
export const fittingReferences = fitting('ip-adapter')

/** What lies beside the models and goes with others alone. */
export const forOthers: ReadonlySignal<string[]> = computed(() => {
  const kinds = [
    { label: 'LoRAs', kind: ['lora'], fits: fittingLoras },
    { label: 'ControlNets', kind: ['controlnet', 't2i-adapter'], fits: fittingControls },
    { label: 'IP-Adapters', kind: ['ip-adapter'], fits: fittingReferences },
  ]
  return kinds
    .filter(({ kind, fits }) => fits.value.length === 0 && adapters.value.some((one) => kind.includes(one.kind)))
    .map(({ label }) => label)
})
