import type { ChosenControl } from './chosen-control.ts'
import type { ChosenLora } from './chosen-lora.ts'
import type { ChosenReference } from './chosen-reference.ts'

/** What is put beside a model's weights while it is loaded. */
export interface Beside {
  /** Folded into the weights. */
  loras?: readonly ChosenLora[]
  /** Written into the UNet's graph. Requests have a picture for each, in order. */
  controls?: readonly ChosenControl[]
  /** With it the UNet takes a picture, too. */
  reference?: ChosenReference
}
