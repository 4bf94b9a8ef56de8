import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTokenizer } from '../text/tokenizer.ts'
import { clipMerges, reference } from './reference.ts'
import type { ParityRow } from './row.ts'

/** Prompts as CLIP's tokenizer reads them, with CLIP's own vocabulary. */
export function tokenRows(): ParityRow[] {
  const { cases } = reference<{ cases: [prompt: string, ids: number[]][] }>('tokens')
  return [
    {
      group: 'Prompts',
      subject: 'tokens',
      reference: 'transformers CLIPTokenizer',
      extent: `${cases.length} prompts`,
      unit: 'prompts with another token',
      limit: 0,
      async measure() {
        const folder = mkdtempSync(join(tmpdir(), 'tokenizer-'))
        try {
          writeClipVocabulary(folder)
          const tokenizer = await loadTokenizer(folder, 'tokenizer')
          return cases.filter(([prompt, ids]) => tokenizer.encode(prompt).join() !== ids.join()).length
        } finally {
          rmSync(folder, { recursive: true })
        }
      },
    },
  ]
}

/** Bytes as printable characters, the same at a word's end, the merges, the marks: CLIP's order of tokens. */
export function writeClipVocabulary(folder: string): void {
  const merges = clipMerges()
  const printable = [
    ...range(0x21, 0x7e),
    ...range(0xa1, 0xac),
    ...range(0xae, 0xff),
    ...range(256, 256 + 256 - 188 - 1),
  ].map((code) => String.fromCodePoint(code))
  const words = [
    ...printable,
    ...printable.map((character) => `${character}</w>`),
    ...merges.map((pair) => pair.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ]
  writeFileSync(join(folder, 'merges.txt'), `#version: 0.2\n${merges.join('\n')}\n`)
  writeFileSync(join(folder, 'vocab.json'), JSON.stringify(Object.fromEntries(words.map((word, id) => [word, id]))))
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
