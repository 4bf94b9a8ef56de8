import { describeModel, type ModelDescription } from '@pentimento/pipeline'
import { showBytes } from '../progress-bar.ts'

const total = (model: ModelDescription) => Object.values(model.parts).reduce((sum, bytes) => sum + bytes, 0)

/**
 * Memory that a model takes on the CPU until it has painted a small picture, in bytes, by what docs/performance.md
 * measured: the weights, of which onnxruntime widens halves to float32, as much again while it widens the largest part,
 * and half a gigabyte.
 */
export function memoryNeed({ parts, dtypes }: ModelDescription): number {
  const names = Object.keys(parts) as (keyof typeof parts)[]
  const widening = (name: (typeof names)[number]): number => {
    // An export's text encoders take integers: they are as wide as the UNet.
    const type = (dtypes[name] === 'int64' || dtypes[name] === 'int32' ? dtypes.unet : dtypes[name]) ?? ''
    return /^F8/.test(type) ? 4 : /^(float16|B?F16)/.test(type) ? 2 : 1
  }
  const widened = names.map((name) => ({ bytes: (parts[name] ?? 0) * widening(name), isWidened: widening(name) > 1 }))
  const largestWidened = Math.max(0, ...widened.filter((part) => part.isWidened).map(({ bytes }) => bytes))
  return widened.reduce((sum, { bytes }) => sum + bytes, 500_000_000 + largestWidened)
}

/** What a model is and needs, in lines of "name  value". */
export function report(model: ModelDescription): string {
  const { told } = model
  const parts = Object.entries(model.parts).map(([part, bytes]) => [
    `  ${part}`,
    `${showBytes(bytes)}, ${model.dtypes[part as keyof typeof model.dtypes] ?? '–'}${told ? '' : ' input'}`,
  ])
  const rows = [
    ['model', `${model.id}: ${model.title}`],
    ['licence', model.licence ?? 'not stated'],
    ['family', `${model.family}, ${model.prediction} prediction${model.isInpaintModel ? ', inpainting UNet' : ''}`],
    [
      'native size',
      `${model.nativeSize} × ${model.nativeSize} (${model.sizes.min} to ${model.sizes.max}, in steps of ${model.sizes.multiple})`,
    ],
    [told ? 'layout' : 'exporter era', model.exporterEra],
    ...Object.entries(told ?? {}).map(([what, how]) => [`  ${what}`, how]),
    ['weights', showBytes(total(model))],
    ...parts,
    ...(model.missing ?? []).map((advice) => ['missing', advice]),
    ['memory', `about ${showBytes(memoryNeed(model))}, and more with the picture's size`],
  ]
  return rows.map(([name = '', value = '']) => reportRow(name, value)).join('\n')
}

/** What a model's files say, without what would move the cursor or colour the terminal. */
export function plain(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, (character) => (character === '\n' ? character : '\ufffd'))
}

/** A name and what is to be said of it, in as many lines as that has. */
export function reportRow(name: string, value: string): string {
  return plain(value)
    .split('\n')
    .map((line, i) => `${(i === 0 ? name : '').padEnd(20)}${line}`)
    .join('\n')
}

/** One line for one model: what it is, or why it cannot run. */
export async function reportLine(id: string, path: string): Promise<string> {
  const said = await describeModel(path).then(
    (model) =>
      `${model.family.padEnd(12)} ${String(model.nativeSize).padStart(4)} px  ${showBytes(total(model)).padStart(8)}  ${model.title}`,
    (error) => `cannot run: ${error instanceof Error ? error.message : String(error)}`,
  )
  return plain(`${id.padEnd(24)} ${said}`).replaceAll('\n', ' ')
}
