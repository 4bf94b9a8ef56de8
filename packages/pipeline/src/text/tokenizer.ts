import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers'
import { clipVocabulary } from '@pentimento/checkpoints'
import { PipelineError } from '../errors.ts'
import { isObject, type JsonObject, readJson, stringAt } from '../folder/read-json.ts'
import { type BytePairs, encodeWords } from './byte-pairs.ts'

/** CLIP's byte-pair tokenizer with the ids of its marks. */
export interface Tokenizer {
  /** Tokens of a text, without begin and end marks. */
  encode(text: string): number[]
  begin: number
  end: number
  /** What fills a chunk after its end mark: the end mark itself in SD 1.x, 0 in SD 2.x and the second one of XL. */
  pad: number
  /** The id of a comma that ends a word, or null if the vocabulary has none. */
  comma: number | null
}

const beginMark = '<|startoftext|>'
const endMark = '<|endoftext|>'

/**
 * Loads `tokenizer.json` where the folder has one, else `vocab.json` and `merges.txt`.
 *
 * @param dir the tokenizer's folder; `name` is how errors call it.
 * @throws model_unusable if files are missing or have no CLIP marks.
 */
export async function loadTokenizer(dir: string, name: string): Promise<Tokenizer> {
  const config = (await readJson(join(dir, 'tokenizer_config.json'), `${name}/tokenizer_config.json`)) ?? {}
  const specials = await readJson(join(dir, 'special_tokens_map.json'), `${name}/special_tokens_map.json`)
  const definition = await readJson(join(dir, 'tokenizer.json'), `${name}/tokenizer.json`)
  const pad = markAt(specials, 'pad_token') ?? markAt(config, 'pad_token') ?? endMark
  if (!definition) return tokenizerOf(await readBytePairs(dir, name), pad, name)
  const library = new LibraryTokenizer(definition, config)
  return {
    ...marksOf((token) => library.token_to_id(token), pad, name),
    encode: (text) => library.encode(withPlainSigma(text), { add_special_tokens: false }).ids,
  }
}

/** Read once for all models of a process. */
let clipPairs: BytePairs | undefined

/**
 * CLIP's own tokenizer, which no checkpoint holds.
 *
 * @param pad the token that fills a chunk: CLIP's end mark, or "!" for encoders of OpenCLIP
 */
export function clipTokenizer(pad: '<|endoftext|>' | '!'): Tokenizer {
  clipPairs ??= clipBytePairs()
  return tokenizerOf(clipPairs, pad, "CLIP's tokenizer")
}

function tokenizerOf(pairs: BytePairs, padMark: string, name: string): Tokenizer {
  const marks = marksOf(pairs.idOf, padMark, name)
  return {
    ...marks,
    encode(text) {
      const sections = withPlainSigma(text).split(/(<\|startoftext\|>|<\|endoftext\|>)/)
      return sections.flatMap((section) => {
        if (section === beginMark) return marks.begin
        return section === endMark ? marks.end : encodeWords(section, pairs)
      })
    },
  }
}

/** JavaScript alone lowers a capital sigma at a word's end to another letter than elsewhere. */
function withPlainSigma(text: string): string {
  return text.replaceAll('Σ', 'σ')
}

function marksOf(
  idOf: (token: string) => number | undefined,
  padMark: string,
  name: string,
): Omit<Tokenizer, 'encode'> {
  const id = (token: string): number => {
    const value = idOf(token)
    if (value === undefined) throw new PipelineError('model_unusable', `${name} has no token ${token}.`)
    return value
  }
  return { begin: id(beginMark), end: id(endMark), pad: id(padMark), comma: idOf(',</w>') ?? null }
}

/** A mark stands as a string or as an object around it. */
function markAt(json: JsonObject | null, key: string): string | undefined {
  const value = json?.[key]
  return isObject(value) ? stringAt(value, 'content') : stringAt(json, key)
}

function clipBytePairs(): BytePairs {
  const { characters, merges, marks } = clipVocabulary()
  const ids = new Map(characters.map((token, id) => [token, id]))
  marks.forEach((mark, i) => {
    ids.set(mark, characters.length + merges.length + i)
  })
  return {
    ranks: ranksOf(merges),
    mergedId: (rank) => characters.length + rank,
    idOf: (token) => ids.get(token),
    unknown: characters.length + merges.length + marks.indexOf(endMark),
  }
}

/** The two files of the older layout. */
async function readBytePairs(dir: string, name: string): Promise<BytePairs> {
  const vocab = await readJson(join(dir, 'vocab.json'), `${name}/vocab.json`)
  const text = await readFile(join(dir, 'merges.txt'), 'utf8').catch(() => null)
  if (!vocab || text === null) {
    throw new PipelineError('model_unusable', `${name} has neither tokenizer.json nor vocab.json and merges.txt.`)
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#version'))
  const merges = lines.map((line) => line.trim())
  const idOf = (token: string) => {
    const id = Object.hasOwn(vocab, token) ? vocab[token] : undefined
    return typeof id === 'number' ? id : undefined
  }
  return {
    ranks: ranksOf(merges),
    mergedId: (rank) => idOf(merges[rank]?.replace(' ', '') ?? ''),
    idOf,
    unknown: idOf(endMark) ?? 0,
  }
}

function ranksOf(merges: string[]): Map<string, number> {
  const ranks = new Map<string, number>()
  for (const [rank, pair] of merges.entries()) ranks.set(pair, rank)
  return ranks
}
