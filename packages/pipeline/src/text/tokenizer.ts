import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers'
import { clipVocabulary } from '@pentimento/checkpoints'
import { PipelineError } from '../errors.ts'
import { isObject, type JsonObject, readJson, stringAt } from '../folder/read-json.ts'

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
 * Loads `tokenizer.json` where the folder has one, else builds the same in memory from `vocab.json` and `merges.txt`.
 *
 * @param dir the tokenizer's folder; `name` is how errors call it.
 * @throws model_unusable if files are missing or have no CLIP marks.
 */
export async function loadTokenizer(dir: string, name: string): Promise<Tokenizer> {
  const config = (await readJson(join(dir, 'tokenizer_config.json'), `${name}/tokenizer_config.json`)) ?? {}
  const specials = await readJson(join(dir, 'special_tokens_map.json'), `${name}/special_tokens_map.json`)
  const definition =
    (await readJson(join(dir, 'tokenizer.json'), `${name}/tokenizer.json`)) ?? (await readDefinition(dir, name))
  const pad = markAt(specials, 'pad_token') ?? markAt(config, 'pad_token') ?? endMark
  return tokenizerOf(new LibraryTokenizer(definition, config), pad, name)
}

/** A fifth of what loading a mapped model of SD 1.5's size takes, and the same for all but what fills a chunk. */
let clipLibrary: LibraryTokenizer | undefined

/**
 * CLIP's own tokenizer, which no checkpoint holds. It is built once for all.
 *
 * @param pad the token that fills a chunk: CLIP's end mark, or "!" for encoders of OpenCLIP
 */
export function clipTokenizer(pad: '<|endoftext|>' | '!'): Tokenizer {
  if (!clipLibrary) {
    const { merges, ids } = clipVocabulary()
    const pairs = merges.map((pair) => pair.split(' '))
    clipLibrary = new LibraryTokenizer(definitionOf(ids, pairs), {})
  }
  return tokenizerOf(clipLibrary, pad, "CLIP's tokenizer")
}

function tokenizerOf(library: LibraryTokenizer, padMark: string, name: string): Tokenizer {
  const id = (token: string): number => {
    const value = library.token_to_id(token)
    if (value === undefined) throw new PipelineError('model_unusable', `${name} has no token ${token}.`)
    return value
  }
  return {
    // JavaScript alone lowers a capital sigma at a word's end to another letter than elsewhere.
    encode: (text) => library.encode(text.replaceAll('Σ', 'σ'), { add_special_tokens: false }).ids,
    begin: id(beginMark),
    end: id(endMark),
    pad: id(padMark),
    comma: library.token_to_id(',</w>') ?? null,
  }
}

/** A mark stands as a string or as an object around it. */
function markAt(json: JsonObject | null, key: string): string | undefined {
  const value = json?.[key]
  return isObject(value) ? stringAt(value, 'content') : stringAt(json, key)
}

/** The two files of the older layout. */
async function readDefinition(dir: string, name: string): Promise<JsonObject> {
  const vocab = await readJson(join(dir, 'vocab.json'), `${name}/vocab.json`)
  const merges = await readFile(join(dir, 'merges.txt'), 'utf8').catch(() => null)
  if (!vocab || merges === null) {
    throw new PipelineError('model_unusable', `${name} has neither tokenizer.json nor vocab.json and merges.txt.`)
  }
  const lines = merges.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#version'))
  return definitionOf(
    vocab,
    lines.map((line) => line.trim().split(' ')),
  )
}

/**
 * The definition that transformers' CLIPTokenizerFast has, said so that it means the same in JavaScript:
 * `\p{White_Space}` for `\s`, which here would also take the byte order mark, and no second splitting after the first.
 */
function definitionOf(vocab: JsonObject, merges: string[][]): JsonObject {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [beginMark, endMark].map((content) => ({
      id: vocab[content],
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\p{White_Space}+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: {
            Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\p{White_Space}\\p{L}\\p{N}]+",
          },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: endMark,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges,
    },
  }
}
