import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clipVocabulary } from '@pentimento/checkpoints'
import { loadTokenizer } from '../text/tokenizer.ts'
import { reference } from './reference.ts'
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

/** The two files of a tokenizer's folder, of CLIP's own vocabulary. */
export function writeClipVocabulary(folder: string): void {
  const { characters, merges, marks } = clipVocabulary()
  const tokens = [...characters, ...merges.map((pair) => pair.replace(' ', '')), ...marks]
  const ids = Object.fromEntries(tokens.map((token, id) => [token, id]))
  writeFileSync(join(folder, 'merges.txt'), `#version: 0.2\n${merges.join('\n')}\n`)
  writeFileSync(join(folder, 'vocab.json'), JSON.stringify(ids))
}
