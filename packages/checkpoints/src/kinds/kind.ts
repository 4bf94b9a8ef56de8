/** What a safetensors file holds, as far as Pentimento has a word for it. */
export type Kind =
  | 'checkpoint'
  | 'vae'
  | 'text-encoder'
  | 'image-encoder'
  | 'lora'
  | 'embedding'
  | 'controlnet'
  | 'ip-adapter'
  | 'upscaler'
  | 'unsupported'

export interface Recognised {
  kind: Kind
  /** In words, as in "a ControlNet". */
  what: string
  /** The name in the file that told it, or what else did. */
  told: string
}
