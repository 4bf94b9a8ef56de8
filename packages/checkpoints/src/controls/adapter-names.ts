import { CheckpointError, quote } from '../errors.ts'
import type { Tensor, Weights } from '../weights.ts'

/** Residual blocks of each level in the files of those who made them, who count the blocks through. */
const flat = { perLevel: 2 }
const own = /^(conv_in|body\.\d+\.(in_conv|out_conv|resnets\.\d+\.block[12]))\.(weight|bias)$/

/**
 * A T2I-Adapter's weights by the names of diffusers' class, without its `adapter.`.
 *
 * @throws CheckpointError naming what is none of its layers
 */
export function adapterNames(tensors: Weights): Map<string, Tensor> {
  const bare = [...tensors].map(([name, tensor]): [string, Tensor] => [name.replace(/^adapter\./, ''), tensor])
  const isFlat = bare.some(([name]) => /^body\.\d+\.block1\.weight$/.test(name))
  const renamed = bare.map(([name, tensor]): [string, Tensor] => [
    isFlat ? fromFlat(name) : name.replace(/^(body\.\d+)\.body\.(\d+)\./, '$1.resnets.$2.'),
    tensor,
  ])
  const odd = renamed.find(([name]) => !own.test(name))
  if (odd)
    throw new CheckpointError(
      `It has ${quote(odd[0])}, which is none of a T2I-Adapter's layers: it is of another kind.`,
    )
  return new Map(renamed)
}

function fromFlat(name: string): string {
  const [, place = '', rest = ''] = /^body\.(\d+)\.(.+)$/.exec(name) ?? []
  if (place === '') return name
  const [level, index] = [Math.floor(Number(place) / flat.perLevel), Number(place) % flat.perLevel]
  return rest.startsWith('in_conv.') ? `body.${level}.${rest}` : `body.${level}.resnets.${index}.${rest}`
}
