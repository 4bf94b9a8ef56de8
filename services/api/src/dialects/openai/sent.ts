/** A picture as it was sent: its bytes, or a text that is its address or holds them. */
export type SentPicture = Uint8Array | string

/** What a client sent, whatever it wrote it in. */
export interface Sent {
  /** Text or values of JSON. */
  fields: Record<string, unknown>
  images: SentPicture[]
  mask: SentPicture | null
}
