/** The words of a prompt that a model with a small vocabulary has never seen, each once, in their order. */
export function unknownWords(prompt: string, vocabulary: readonly string[]): string[] {
  const known = new Set(vocabulary.map((word) => word.toLowerCase()))
  const words = prompt.toLowerCase().match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? []
  return [...new Set(words.filter((word) => !known.has(word)))]
}
