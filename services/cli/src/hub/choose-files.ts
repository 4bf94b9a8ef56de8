import { chooseOnnx } from './choose-onnx.ts'
import { chooseWeights, hasWeights } from './choose-weights.ts'
import { HubLie } from './hub-error.ts'
import type { ChosenFile, HubFile } from './hub-file.ts'

const smallFolders = [
  'scheduler',
  'tokenizer',
  'tokenizer_2',
  'feature_extractor',
  'text_encoder',
  'text_encoder_2',
  'unet',
  'vae',
  'vae_encoder',
  'vae_decoder',
]

/**
 * Picks what a diffusion model needs out of a repository that may hold much more (other formats and precisions,
 * pictures): its weights as safetensors in diffusers' layout where they are whole, else its ONNX graphs. The model may
 * lie in the root or in one subfolder (`onnx/`).
 *
 * @param variant as `fp16` @throws Error saying what the repository lacks
 */
export function chooseFiles(files: HubFile[], variant: string | null): ChosenFile[] {
  const atRoot = files.map((file) => ({ ...file, target: file.path }))
  if (hasWeights(atRoot)) return withSmallFiles(atRoot, chooseWeights(atRoot, variant))
  const root = findRoot(files)
  const inside = files
    .filter((file) => file.path.startsWith(root))
    .map((file) => ({ ...file, target: file.path.slice(root.length) }))
  return withSmallFiles(inside, chooseOnnx(inside, variant))
}

/** The one file that was asked for, by its path in the repository. @throws Error saying which there are */
export function chooseSingleFile(files: HubFile[], path: string): ChosenFile {
  const found = files.find((file) => file.path === path)
  if (found) return { ...found, target: path.slice(path.lastIndexOf('/') + 1) }
  throw new Error(
    `the repository has no file ${JSON.stringify(path)}; it has ${singleFiles(files) || 'no .safetensors'}`,
  )
}

function singleFiles(files: HubFile[]): string {
  const names = files.map(({ path }) => path).filter((path) => path.endsWith('.safetensors'))
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ')
}

/** Settings, vocabularies and texts are read whole; the largest tokenizers have 20 MB. */
const largestSmallFile = 64_000_000

/**
 * Adds what stands beside the weights. No two files for one place, also where letters of both cases are the same, and
 * no text as large as weights.
 */
function withSmallFiles(inside: ChosenFile[], weights: ChosenFile[]): ChosenFile[] {
  const small = inside.filter(({ target }) => isSmallFile(target) && !weights.some((file) => file.target === target))
  const chosen = [...small, ...weights]
  const places = new Set<string>()
  for (const { path, target, size } of chosen) {
    const place = target.toLowerCase()
    if (places.has(place)) throw new HubLie(`the hub lists more than one file for ${target}`)
    places.add(place)
    if ((isSmallFile(target) || target.endsWith('.json')) && size > largestSmallFile)
      throw new HubLie(`${path} has ${size} bytes, more than a file of its kind`)
  }
  return chosen
}

/** The one folder with unet/*.onnx in it, as a path prefix. */
function findRoot(files: HubFile[]): string {
  const roots = new Set(
    files.map(({ path }) => /^(.*?)unet\/[^/]+\.onnx$/.exec(path)?.[1]).filter((prefix) => prefix !== undefined),
  )
  const [first] = [...roots].sort((a, b) => a.length - b.length)
  if (first !== undefined) return first
  const names = singleFiles(files)
  throw new Error(
    names === ''
      ? 'the repository has no weights as .safetensors and no ONNX UNet; convert the model first (docs/models.md says how), or look for a revision "onnx"'
      : `the repository is no whole model in folders; choose one of its files with --file: ${names}`,
  )
}

function isSmallFile(target: string): boolean {
  if (['model_index.json', 'pentimento.json'].includes(target) || /^(README\.md|LICEN[CS]E[^/]*)$/i.test(target))
    return true
  const [folder = '', name = '', ...deeper] = target.split('/')
  // An index belongs to its shards: it is chosen with them.
  const isText = /\.(json|txt)$/.test(name) && !/\.index(\.\w+)?\.json$/.test(name)
  return deeper.length === 0 && smallFolders.includes(folder) && isText
}
