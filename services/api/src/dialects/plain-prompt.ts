/**
 * A prompt of an API whose prompts are plain text, for AUTOMATIC1111's way of reading: brackets weigh nothing, AND and
 * BREAK are words, and the tag of a LoRA is none.
 */
export function plainPrompt(text: string): string {
  return text
    .replace(/[\\()[\]]/g, '\\$&')
    .replace(/\b(AND|BREAK)\b/g, (word) => word.toLowerCase())
    .replace(/<(?=[a-z]+:)/gi, '< ')
}
