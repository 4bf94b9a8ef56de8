import { stat } from 'node:fs/promises'
import {
  countDtypes,
  familyLabel,
  folderOfKind,
  type Kind,
  readControl,
  readEmbedding,
  readImageEncoder,
  readIpAdapter,
  readLora,
  readSafetyChecker,
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

const adapterFamilies: Record<number, string> = { 768: 'SD 1.x', 1024: 'SD 2.x', 2048: 'SDXL' }

/** @throws CheckpointError if it is of another kind than those that can be run */
async function ipAdapterRows(path: string): Promise<[string, string][]> {
  const { kind, tokens, widths, contextWidth, encoderWidth } = await readIpAdapter(path)
  const reads = kind === 'plain' ? 'of the picture as a whole' : 'of each square of the picture'
  return [
    ['made for', adapterFamilies[contextWidth] ?? `models whose text has ${contextWidth} numbers a token`],
    ['reads', `${encoderWidth} numbers ${reads}, from an image encoder`],
    ['gives', `${tokens === null ? 'a token for each square' : `${tokens} tokens`} to ${widths.length} layers`],
  ]
}

/** @throws CheckpointError if it is not complete, or its heads are to be stated */
async function encoderRows(path: string): Promise<[string, string][]> {
  const { side, patch, width, layers, heads, projected, activation } = await readImageEncoder(path)
  return [
    ['reads', `${side} × ${side} pixels in squares of ${patch}`],
    ['gives', `${projected === null ? '' : `${projected} numbers in sum, `}${width} for each square`],
    ['layers', `${layers} of ${heads} heads, ${activation}`],
  ]
}

/** @throws CheckpointError if it is of a kind that cannot guide a model */
async function controlRows(path: string): Promise<[string, string][]> {
  const control = await readControl(path)
  const { family, kind } = control
  const grey = kind === 't2i-adapter' && control.shape.colours === 1
  const types = kind === 'controlnet' ? control.types : null
  return [
    ['made for', `${familyLabel(family.value)} (${family.told})`],
    ...(types === null ? [] : [['tells apart', `${types} kinds of pictures`] satisfies [string, string]]),
    ...(grey ? [['looks at', 'grey pictures, as edges are'] satisfies [string, string]] : []),
  ]
}

/** @throws CheckpointError if it is not complete */
async function safetyRows(path: string): Promise<[string, string][]> {
  const { encoder, concepts, special } = await readSafetyChecker(path)
  const [common, rare] = [concepts, special].map(({ thresholds }) => thresholds.shape[0])
  return [
    ['reads', `${encoder.side} × ${encoder.side} pixels in squares of ${encoder.patch}`],
    ['looks for', `${common} concepts, sooner where one of ${rare} others is seen`],
  ]
}

const ownRows: Partial<Record<Kind, (path: string) => Promise<[string, string][]>>> = {
  lora: loraRows,
  embedding: embeddingRows,
  'ip-adapter': ipAdapterRows,
  'image-encoder': encoderRows,
  'safety-checker': safetyRows,
  upscaler: upscalerRows,
  controlnet: controlRows,
  't2i-adapter': controlRows,
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
