import { basename } from 'node:path'
import { describeModel, type ModelDescription } from '@pentimento/pipeline'
import { showBytes } from '../progress-bar.ts'

const total = (model: ModelDescription) => Object.values(model.parts).reduce((sum, bytes) => sum + bytes, 0)

/** What a model is and needs, in lines of "name  value". */
export function report(model: ModelDescription): string {
  const parts = Object.entries(model.parts).map(([part, bytes]) => [
    `  ${part}`,
    `${showBytes(bytes)}, ${model.dtypes[part as keyof typeof model.dtypes] ?? '–'} input`,
  ])
  const rows = [
    ['model', `${model.id}: ${model.title}`],
    ['licence', model.licence ?? 'not stated'],
    [
      'family',
      `${model.family}, ${model.prediction} prediction${model.inpaintChannels === 9 ? ', inpainting UNet (9 channels)' : ''}`,
    ],
    [
      'native size',
      `${model.nativeSize} × ${model.nativeSize} (${model.sizes.min} to ${model.sizes.max}, in steps of ${model.sizes.multiple})`,
    ],
    ['exporter era', model.exporterEra],
    ['weights', showBytes(total(model))],
    ...parts,
    // Measured in docs/performance.md: weights in float32, and what ONNX Runtime takes besides.
    [
      'memory',
      `about ${showBytes(total(model) * (Object.values(model.dtypes).includes('float16') ? 2 : 1) + 500_000_000)} and more with the picture's size`,
    ],
  ]
  return rows.map(([name = '', value]) => `${name.padEnd(20)}${value}`).join('\n')
}

/** One line for one folder: what it is, or why it cannot run. */
export async function reportLine(dir: string): Promise<string> {
  const name = basename(dir).padEnd(24)
  try {
    const model = await describeModel(dir)
    return `${name} ${model.family.padEnd(12)} ${String(model.nativeSize).padStart(4)} px  ${showBytes(total(model)).padStart(8)}  ${model.title}`
  } catch (error) {
    return `${name} cannot run: ${error instanceof Error ? error.message : String(error)}`
  }
}
