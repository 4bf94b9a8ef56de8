import { checkDtypes } from '../check-dtypes.ts'
import { CheckpointError } from '../errors.ts'
import { recognise } from '../kinds/recognise.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { adapterNames } from './adapter-names.ts'
import { adapterFamily, adapterShape } from './adapter-shape.ts'
import type { Control } from './control.ts'
import { checkHint, controlNetFamily } from './controlnet-facts.ts'
import { controlNetNames } from './controlnet-names.ts'
import { isUnion, unionTypes, unionWeights } from './union-facts.ts'

/** @throws CheckpointError with what the file is instead, or why it cannot be taken */
export async function readControl(path: string): Promise<Control> {
  const file = await readSafetensors(path)
  const { kind, what, told } = recognise(file.tensors)
  if (kind !== 'controlnet' && kind !== 't2i-adapter')
    throw new CheckpointError(`It is ${what} (${told}), and neither a ControlNet nor a T2I-Adapter.`)
  if (kind === 'controlnet') {
    const named = controlNetNames(file.tensors)
    checkDtypes({ ControlNet: named })
    checkHint(named)
    const weights = isUnion(named) ? unionWeights(named) : named
    const types = isUnion(named) ? unionTypes(weights) : null
    return { kind, file, weights, types, family: controlNetFamily(weights) }
  }
  const weights = adapterNames(file.tensors)
  checkDtypes({ 'T2I-Adapter': weights })
  const shape = adapterShape(weights)
  return { kind, file, weights, shape, family: adapterFamily(shape) }
}
