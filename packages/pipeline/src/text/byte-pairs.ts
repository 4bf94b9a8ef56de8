import { byteCharacters } from '@pentimento/checkpoints'

/** A byte-pair vocabulary: of CLIP's size it is there in a twentieth of a second. */
export interface BytePairs {
  /** In what order two neighbours are merged, by "left right". */
  ranks: ReadonlyMap<string, number>
  /** The id of what a merge makes, by its rank. */
  mergedId(rank: number): number | undefined
  /** The id of a token that no merge makes: a byte's character, alone or with `</w>`, or a mark. */
  idOf(token: string): number | undefined
  /** The id of what the vocabulary lacks. */
  unknown: number
}

/**
 * What transformers' CLIPTokenizer sees as words: in lower case, without what is white. `\p{White_Space}` for `\s`,
 * which here would also take the byte order mark.
 */
const words = /'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\p{White_Space}\p{L}\p{N}]+/gu

/** Tokens of a text without marks, as CLIP's tokenizer makes them. */
export function encodeWords(text: string, pairs: BytePairs): number[] {
  const found = text.normalize('NFC').toLowerCase().match(words) ?? []
  return found.flatMap((word) => encodeWord(word, pairs))
}

/** A small integer, as ranks are: V8 keeps lists of such without a box for each. */
const never = 2 ** 31 - 1

/** Merges neighbours, those of the lowest rank first, of equals the first, until no pair is left. */
function encodeWord(word: string, { ranks, mergedId, idOf, unknown }: BytePairs): number[] {
  const parts = Array.from(Buffer.from(word), (byte) => byteCharacters[byte] ?? '')
  parts[parts.length - 1] += '</w>'
  const ids = parts.map((part) => idOf(part) ?? unknown)
  const rankAt = (at: number) => ranks.get(`${parts[at]} ${parts[at + 1]}`) ?? never
  // Of each part and the next one; the last has none.
  const following = parts.map((_, at) => rankAt(at))
  for (;;) {
    const [rank, at] = least(following)
    if (rank === never) return ids
    parts.splice(at, 2, `${parts[at]}${parts[at + 1]}`)
    ids.splice(at, 2, mergedId(rank) ?? unknown)
    following.splice(at, 2, rankAt(at))
    if (at > 0) following[at - 1] = rankAt(at - 1)
  }
}

/** The least of a list and its first place. */
function least(list: number[]): [value: number, at: number] {
  let [value, at] = [never, 0]
  // One loop over indices: of a word of thousands of bytes it is what takes the time.
  for (let i = 0; i < list.length; i++) {
    const other = list[i] as number
    if (other < value) [value, at] = [other, i]
  }
  return [value, at]
}
