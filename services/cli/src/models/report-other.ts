import { stat } from 'node:fs/promises'
import {
  countDtypes,
  folderOfKind,
  type Kind,
  readEmbedding,
  readLora,
  readUpscaler,
  recogniseFile,
} from '@pentimento/checkpoints'
import { showBytes } from '../progress-bar.ts'
import { reportRow } from './report.ts'

/** @throws CheckpointError if it is of a kind that does not fold into weights */
async function loraRows(path: string): Promise<[string, string][]> {
  const { family, modules, others, alias } = await readLora(path)
  const parts = [...modules.keys()].reduce((counts, name) => {
    const part = /^(lora_te|text_encoder)/.test(name) ? 'text encoders' : 'UNet'
    return counts.set(part, (counts.get(part) ?? 0) + 1)
  }, new Map<string, number>())
  return [
    ['made for', family === null ? 'not told by the file' : `${family.label} (${family.told})`],
    ['layers', [...parts].map(([part, count]) => `${count} of the ${part}`).join(', ')],
    ...(alias === null ? [] : [['called', alias] satisfies [string, string]]),
    ...(others.length === 0 ? [] : [['unread', others.slice(0, 5).join(', ')] satisfies [string, string]]),
  ]
}

/** @throws CheckpointError if it has too many vectors, or two tensors that are no pair */
async function embeddingRows(path: string): Promise<[string, string][]> {
  const { vectors, count } = await readEmbedding(path)
  const widths = Object.values(vectors).map(({ shape }) => shape[1])
  const families: Record<string, string> = { 768: 'SD 1.x', 1024: 'SD 2.x', '768 and 1280': 'SDXL' }
  const width = widths.join(' and ')
  return [
    ['vectors', `${count} of ${width} numbers`],
    ['made for', families[width] ?? 'models whose text encoders have this width'],
  ]
}

/** @throws CheckpointError if it is of another kind than those that can be run */
async function upscalerRows(path: string): Promise<[string, string][]> {
  const { scale } = await readUpscaler(path)
  return [['enlarges', `${scale} times, each side`]]
}

const ownRows: Partial<Record<Kind, (path: string) => Promise<[string, string][]>>> = {
  lora: loraRows,
  embedding: embeddingRows,
  upscaler: upscalerRows,
}

/**
 * What a safetensors file is that is no model by itself and goes into the folder of its kind, in lines of "name
 * value"; null for a model and for what is nothing of use, which is for those to say who read models.
 */
export async function reportOther(path: string): Promise<string | null> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (!isFile) return null
  const recognised = await recogniseFile(path).catch(() => null)
  const folder = recognised && folderOfKind(recognised.kind)
  if (!recognised || !folder) return null
  const { what, told, file, kind } = recognised
  const rows = [
    ['file', what],
    ['told by', told],
    ['licence', file.metadata.get('modelspec.license') ?? 'not stated'],
    ['weights', `${showBytes(file.size)}, ${Object.keys(countDtypes(file.tensors)).join(' and ')}`],
    ...((await ownRows[kind]?.(path)) ?? []),
    ['goes into', `${folder}/ of MODELS_DIR`],
  ]
  return rows.map(([name = '', value = '']) => reportRow(name, value)).join('\n')
}
