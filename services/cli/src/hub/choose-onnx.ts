import type { ChosenFile } from './hub-file.ts'

const parts = ['text_encoder', 'text_encoder_2', 'unet', 'vae_encoder', 'vae_decoder'] as const
const requiredParts = ['unet', 'vae_encoder', 'vae_decoder'] as const

/**
 * The graphs of an ONNX export with their weights. With `variant`, `model.<variant>.onnx` or `model_<variant>.onnx` is
 * taken for `model.onnx` in the parts that have one. External data keeps its name, since the graph refers to it by
 * name.
 *
 * @param inside the files of the model's folder
 * @throws Error saying what the repository lacks
 */
export function chooseOnnx(inside: readonly ChosenFile[], variant: string | null): ChosenFile[] {
  const chosen: ChosenFile[] = []
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
  return chosen
}

/** What lies in a part's folder and is no weights of a graph. */
const otherFiles = /\.(onnx|json|txt|md|xml|safetensors|bin|msgpack|h5|pt|ckpt|png|jpe?g)$/i

/**
 * Weights beside a graph: `<graph>_data` and `<graph>.data`, also in numbered pieces; in old exports `weights.pb`, or a
 * file for each tensor, which go with the one graph that there is.
 */
function externalData(files: readonly ChosenFile[], graph: string): ChosenFile[] {
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
