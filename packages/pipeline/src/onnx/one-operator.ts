import { integerField, lengthField } from '@pentimento/checkpoints'
import { elementTypes } from './tensor-info.ts'

/**
 * An ONNX file of one operator between inputs and an output `y` of any one-dimensional size: small enough to try a
 * device, or a way of passing tensors, before a model is trusted to it.
 *
 * @param inputs name to element type
 * @param attributes whole numbers only
 */
export function oneOperator(
  operator: string,
  inputs: Record<string, string>,
  outputType: string,
  attributes: Record<string, number> = {},
): Uint8Array {
  const names = Object.keys(inputs)
  const node = [
    ...names.map((name) => lengthField(1, name)),
    lengthField(2, 'y'),
    lengthField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => {
      // 20 is the attribute's type, of which 2 is a whole number.
      return lengthField(5, [lengthField(1, name), integerField(3, value), integerField(20, 2)])
    }),
  ]
  const graph = [
    lengthField(1, node),
    lengthField(2, operator),
    ...names.map((name) => lengthField(11, valueInfo(name, inputs[name]))),
    lengthField(12, valueInfo('y', outputType)),
  ]
  const opset = [lengthField(1, ''), integerField(2, 17)]
  return Buffer.concat([integerField(1, 8), lengthField(7, graph), lengthField(8, opset)])
}

function valueInfo(name: string, type: string): Uint8Array[] {
  const code = Object.keys(elementTypes).find((key) => elementTypes[Number(key)] === type)
  const dim = lengthField(1, [lengthField(2, `${name}_length`)])
  const tensor = [integerField(1, Number(code)), lengthField(2, [dim])]
  return [lengthField(1, name), lengthField(2, [lengthField(1, tensor)])]
}
