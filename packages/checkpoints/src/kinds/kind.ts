/** What a safetensors file holds, as far as Pentimento has a word for it. */
export type Kind =
  | 'checkpoint'
  | 'vae'
  | 'text-encoder'
  | 'image-encoder'
  | 'lora'
  | 'embedding'
  | 'controlnet'
  | 't2i-adapter'
  | 'ip-adapter'
  | 'safety-checker'
  | 'upscaler'
  | 'unsupported'

export interface Recognised {
  kind: Kind
  /** In words, as in "a ControlNet". */
  what: string
  /** The name in the file that told it, or what else did. */
  told: string
}

/** The subfolders of a models folder for what is no model by itself. */
export const kindFolders = {
  controlnet: 'controlnet',
  embedding: 'embeddings',
  'image-encoder': 'image-encoder',
  'ip-adapter': 'ip-adapter',
  lora: 'loras',
  't2i-adapter': 'controlnet',
  'safety-checker': 'safety_checker',
  upscaler: 'upscalers',
  vae: 'vae',
} as const satisfies Partial<Record<Kind, string>>

/** The subfolder for files of a kind; null for those that lie beside models, or nowhere. */
export function folderOfKind(kind: Kind): string | null {
  return Object.hasOwn(kindFolders, kind) ? kindFolders[kind as keyof typeof kindFolders] : null
}
