import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** CLIP's byte-pair merges and ids. It is the same for all its text encoders, and no checkpoint holds it. */
interface Vocabulary {
  /** In their order, as in "i n". */
  merges: string[]
  /** The id of each token. */
  ids: Record<string, number>
}

/** OpenAI's `bpe_simple_vocab_16e6.txt` as far as CLIP uses it (MIT, licence beside it). */
const file = new URL('../../assets/clip-merges.txt.gz', import.meta.url)

/** Reads CLIP's vocabulary: bytes as printable characters, the same at a word's end, the merges, the two marks. */
export function clipVocabulary(): Vocabulary {
  const merges = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
  const printable = [
    ...range(0x21, 0x7e),
    ...range(0xa1, 0xac),
    ...range(0xae, 0xff),
    // Bytes that print nothing, each with a character of its own.
    ...range(0x100, 0x100 + 67),
  ].map((code) => String.fromCodePoint(code))
  const tokens = [
    ...printable,
    ...printable.map((character) => `${character}</w>`),
    ...merges.map((pair) => pair.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ]
  return { merges, ids: Object.fromEntries(tokens.map((token, id) => [token, id])) }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
