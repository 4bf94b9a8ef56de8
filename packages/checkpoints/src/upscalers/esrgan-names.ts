import { CheckpointError, quote } from '../errors.ts'
import type { Tensor, Weights } from '../weights.ts'

/** How older files call the layers of RRDBNet, and how Real-ESRGAN does. */
const older: readonly (readonly [RegExp, string])[] = [
  // The first ESRGAN's, by places in a sequence.
  [/^model\.0\.(weight|bias)$/, 'conv_first.$1'],
  [/^model\.1\.sub\.(\d+)\.RDB([123])\.conv([1-5])\.0\.(weight|bias)$/, 'body.$1.rdb$2.conv$3.$4'],
  [/^model\.1\.sub\.\d+\.(weight|bias)$/, 'conv_body.$1'],
  // Its second edition's.
  [/^RRDB_trunk\.(\d+)\.RDB([123])\.conv([1-5])\.(weight|bias)$/, 'body.$1.rdb$2.conv$3.$4'],
  [/^trunk_conv\.(weight|bias)$/, 'conv_body.$1'],
  [/^upconv(\d)\.(weight|bias)$/, 'conv_up$1.$2'],
  [/^HRconv\.(weight|bias)$/, 'conv_hr.$1'],
]

const own = /^(conv_first|body\.\d+\.rdb[123]\.conv[1-5]|conv_body|conv_up\d|conv_hr|conv_last)\.(weight|bias)$/

/**
 * Layers behind the trunk by their places, with those of activations between them: those that enlarge, then two more.
 */
const behindTrunk = /^model\.(\d+)\.(weight|bias)$/

/** Weights of an RRDBNet by the names of Real-ESRGAN. @throws CheckpointError naming what is none of its layers */
export function esrganNames(tensors: Weights): Map<string, Tensor> {
  const places = [...tensors.keys()]
    .map((name) => behindTrunk.exec(name)?.[1])
    .filter((place) => place !== undefined && place !== '0')
  const inOrder = [...new Set(places)].toSorted((a, b) => Number(a) - Number(b))
  const layerAt = (place: string): string => {
    const fromEnd = inOrder.length - inOrder.indexOf(place)
    return fromEnd === 1 ? 'conv_last' : fromEnd === 2 ? 'conv_hr' : `conv_up${inOrder.indexOf(place) + 1}`
  }
  const named = [...tensors].map(([name, tensor]): [string, Tensor] => {
    const rule = older.find(([pattern]) => pattern.test(name))
    const [, place, leaf] = behindTrunk.exec(name) ?? []
    if (rule) return [name.replace(...rule), tensor]
    if (place !== undefined) return [`${layerAt(place)}.${leaf}`, tensor]
    if (own.test(name)) return [name, tensor]
    throw new CheckpointError(`It has ${quote(name)}, which is none of ESRGAN's layers: it is of another kind.`)
  })
  return new Map(named)
}
