import type { Semantics } from '@pentimento/vocabulary'

/** How the models of a family read prompts. */
export interface TextLayout {
  /** Tokens that a text encoder reads at once where an export does not say so, begin and end mark included. */
  tokens: number
  /**
   * The layer that is read where none is skipped, 1 being the last, and whether it goes through the encoder's final
   * norm. Each layer skipped is one further from the end.
   */
  layer: { fromEnd: number; isNormalised: boolean }
  /** Whether the UNet is told the last encoder's summary of the prompt beside its tokens. */
  isPooled: boolean
  /**
   * Under which semantics an empty negative prompt is zeros instead of its encoding; null where no folder can ask for
   * it.
   */
  zeroEmptyNegative: Record<Semantics, boolean> | null
}
