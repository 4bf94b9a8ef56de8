import { HubLie } from './hub-error.ts'

/** A file of a repository as the hub lists it. */
export interface HubFile {
  path: string
  size: number
  /** Git object id: for a small file the SHA-1 of its contents with git's header. */
  oid: string
  /** SHA-256 of the contents, for files in large file storage. */
  sha256: string | null
}

/** A file to fetch, and where it goes inside the model's folder. */
export interface ChosenFile extends HubFile {
  target: string
}

const parts = ['text_encoder', 'text_encoder_2', 'unet', 'vae_encoder', 'vae_decoder'] as const
const requiredParts = ['unet', 'vae_encoder', 'vae_decoder'] as const
const smallFolders = ['scheduler', 'tokenizer', 'tokenizer_2', 'feature_extractor', ...parts]

/**
 * Picks what an ONNX diffusion model needs out of a repository that may hold much more (PyTorch weights, other precisions, pictures).
 * The model may lie in the root or in one subfolder (`onnx/`). With `variant`, `model.<variant>.onnx` or `model_<variant>.onnx` is taken for `model.onnx`
 * in the parts that have one. External data keeps its name, since the graph refers to it by name.
 *
 * @throws Error saying what the repository lacks
 */
export function chooseFiles(files: HubFile[], variant: string | null): ChosenFile[] {
  const root = findRoot(files)
  const inside = files
    .filter((file) => file.path.startsWith(root))
    .map((file) => ({ ...file, target: file.path.slice(root.length) }))
  const chosen = inside.filter(({ target }) => isSmallFile(target))
  let variants = 0
  for (const part of parts) {
    const graphs = inside.filter(({ target }) => new RegExp(`^${part}/model[^/]*\\.onnx$`).test(target))
    if (graphs.length === 0) continue
    const named = graphs.find(
      ({ target }) =>
        variant !== null && [`${part}/model.${variant}.onnx`, `${part}/model_${variant}.onnx`].includes(target),
    )
    const graph = named ?? graphs.find(({ target }) => target === `${part}/model.onnx`)
    if (graph === undefined)
      throw new Error(`${part} comes only as ${graphs.map((g) => g.target).join(', ')}: choose one with --variant`)
    if (named !== undefined) variants++
    chosen.push({ ...graph, target: `${part}/model.onnx` }, ...externalData(inside, graph.target))
  }
  if (variant !== null && variants === 0) throw new Error(`no part has a variant "${variant}"`)
  const missing = requiredParts.filter((part) => !chosen.some(({ target }) => target === `${part}/model.onnx`))
  if (missing.length > 0) throw new Error(`${missing.join(', ')} missing: this is not a complete ONNX export`)
  checkChosen(chosen)
  return chosen
}

/** Settings, vocabularies and texts are read whole; the largest tokenizers have 20 MB. */
const largestSmallFile = 64_000_000

/** No two files for one place, also where letters of both cases are the same, and no text as large as weights. */
function checkChosen(chosen: ChosenFile[]): void {
  const places = new Set<string>()
  for (const { path, target, size } of chosen) {
    const place = target.toLowerCase()
    if (places.has(place)) throw new HubLie(`the hub lists more than one file for ${target}`)
    places.add(place)
    if (isSmallFile(target) && size > largestSmallFile)
      throw new HubLie(`${path} has ${size} bytes, more than a file of its kind`)
  }
}

/** The one folder with unet/*.onnx in it, as a path prefix. */
function findRoot(files: HubFile[]): string {
  const roots = new Set(
    files.map(({ path }) => /^(.*?)unet\/[^/]+\.onnx$/.exec(path)?.[1]).filter((prefix) => prefix !== undefined),
  )
  const [first] = [...roots].sort((a, b) => a.length - b.length)
  if (first === undefined)
    throw new Error(
      'the repository has no ONNX UNet; export the model first (docs/models.md says how), or look for a revision "onnx"',
    )
  return first
}

function isSmallFile(target: string): boolean {
  if (['model_index.json', 'pentimento.json'].includes(target) || /^(README\.md|LICEN[CS]E[^/]*)$/i.test(target))
    return true
  const [folder = '', name = '', ...deeper] = target.split('/')
  return deeper.length === 0 && smallFolders.includes(folder) && /\.(json|txt)$/.test(name)
}

/** What lies in a part's folder and is no weights of a graph. */
const otherFiles = /\.(onnx|json|txt|md|xml|safetensors|bin|msgpack|h5|pt|ckpt|png|jpe?g)$/i

/**
 * Weights beside a graph: `<graph>_data` and `<graph>.data`, also in numbered pieces; in old exports `weights.pb`, or a file for each tensor, which go with
 * the one graph that there is.
 */
function externalData(files: ChosenFile[], graph: string): ChosenFile[] {
  const folder = graph.slice(0, graph.lastIndexOf('/') + 1)
  const beside = files.filter(({ target }) => target.startsWith(folder) && !target.slice(folder.length).includes('/'))
  const isOnly = beside.filter(({ target }) => target.endsWith('.onnx')).length === 1
  return beside.filter(
    ({ target }) =>
      [`${graph}_data`, `${graph}.data`].some((start) => target.startsWith(start)) ||
      target === `${folder}weights.pb` ||
      (isOnly && !otherFiles.test(target) && !target.slice(folder.length).startsWith('.')),
  )
}
