import type { Job } from '@pentimento/contracts'

/** What a card says of the warnings of its jobs, each once: a few words, and the whole sentence. */
export function badgesOf(jobs: readonly Pick<Job, 'warnings'>[]): { words: string; message: string }[] {
  const messages = new Map(jobs.flatMap(({ warnings }) => warnings.map(({ code, message }) => [message, code])))
  return [...messages].map(([message, code]) => ({ words: words(code, message), message }))
}

function words(code: string, message: string): string {
  const [, unknown] = /: (.*)\.$/.exec(message) ?? []
  if (code === 'unknown_words' && unknown) return `Unknown: ${unknown}`
  const plain = code.replaceAll('_', ' ')
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}
