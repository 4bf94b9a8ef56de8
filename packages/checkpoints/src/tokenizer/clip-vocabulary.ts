import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** CLIP's byte-pair vocabulary. It is the same for all its text encoders, and no checkpoint holds it. */
interface Vocabulary {
  /** Tokens that no merge makes: their ids are their places. */
  characters: string[]
  /** In their order, as in "i n": the first one's token has the id after the characters'. */
  merges: string[]
  /** The ids after the merges': where a text begins and ends. */
  marks: ['<|startoftext|>', '<|endoftext|>']
}

/** OpenAI's `bpe_simple_vocab_16e6.txt` as far as CLIP uses it (MIT, licence beside it). */
const file = new URL('../../assets/clip-merges.txt.gz', import.meta.url)

/** The character that stands for each byte in a byte-pair vocabulary: its own, if that is one to be seen. */
export const byteCharacters: readonly string[] = charactersOfBytes()

/** Reads CLIP's vocabulary: bytes as characters, the same at a word's end, the merges, the two marks. */
export function clipVocabulary(): Vocabulary {
  const characters = byteCharacters.toSorted()
  return {
    characters: [...characters, ...characters.map((character) => `${character}</w>`)],
    merges: gunzipSync(readFileSync(file)).toString().trimEnd().split('\n'),
    marks: ['<|startoftext|>', '<|endoftext|>'],
  }
}

function charactersOfBytes(): string[] {
  let hidden = 0
  return Array.from({ length: 256 }, (_, byte) => {
    const isSeen = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
    return String.fromCharCode(isSeen ? byte : 0x100 + hidden++)
  })
}
