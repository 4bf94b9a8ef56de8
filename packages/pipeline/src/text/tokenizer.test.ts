import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clipMerges, reference } from '../parity/reference.ts'
import { loadTokenizer, type Tokenizer } from './tokenizer.ts'

const { cases } = reference<{ cases: [prompt: string, ids: number[]][] }>('tokens')

describe("with CLIP's own vocabulary", () => {
  let folder: string
  let tokenizer: Tokenizer

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
    const merges = clipMerges()
    await writeFile(join(folder, 'merges.txt'), `#version: 0.2\n${merges.join('\n')}\n`)
    await writeFile(join(folder, 'vocab.json'), JSON.stringify(vocabulary(merges)))
    tokenizer = await loadTokenizer(folder, 'tokenizer')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it(`reads ${cases.length} prompts as transformers does`, () => {
    expect(cases.length).toBeGreaterThan(1000)
    const wrong = cases.filter(([prompt, ids]) => tokenizer.encode(prompt).join() !== ids.join())
    expect(wrong.map(([prompt]) => prompt)).toEqual([])
  })

  it('knows its marks', () => {
    expect(tokenizer).toMatchObject({ begin: 49406, end: 49407, pad: 49407, comma: 267 })
  })
})

describe('with the files of a folder', () => {
  it('takes the padding that the folder names', async () => {
    const folder = new URL('../../../../models/fixtures/tiny-sd2/tokenizer', import.meta.url).pathname
    expect((await loadTokenizer(folder, 'tokenizer')).pad).toBe(0)
  })

  it('says what is missing', async () => {
    await expect(loadTokenizer('/nowhere', 'tokenizer')).rejects.toMatchObject({
      code: 'model_unusable',
      message: 'tokenizer has neither tokenizer.json nor vocab.json and merges.txt.',
    })
  })
})

/** Bytes as printable characters, the same at a word's end, the merges, the marks: CLIP's order. */
function vocabulary(merges: string[]): Record<string, number> {
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
  return Object.fromEntries(words.map((word, id) => [word, id]))
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
