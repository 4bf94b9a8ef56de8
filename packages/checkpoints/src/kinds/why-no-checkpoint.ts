import { folderOfKind, type Kind, type Recognised } from './kind.ts'

/** What to do with a file that is no checkpoint and lies where one is looked for. */
const advice: Partial<Record<Kind, string>> = {
  vae: 'a checkpoint takes it with "vae" in the JSON file beside it.',
  'text-encoder': 'A checkpoint beside it takes it with "text_encoder" in the JSON file of its own name.',
}

/** Why a file cannot be run as a model, in a sentence. */
export function whyNoCheckpoint({ kind, what, told }: Recognised): string {
  const folder = folderOfKind(kind)
  const place =
    folder === null ? '' : `It belongs into the folder ${folder}/ of MODELS_DIR${kind in advice ? '; ' : '.'}`
  return `It is ${what} (${told}). ${place}${advice[kind] ?? ''}`.trimEnd()
}
