import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fixtureModel } from '../parity/pipeline-cases.ts'
import { writeClipVocabulary } from '../parity/token-rows.ts'
import { clipTokenizer, loadTokenizer } from './tokenizer.ts'

test("CLIP's vocabulary has its marks and its comma where CLIP has them", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
  writeClipVocabulary(folder)
  const tokenizer = await loadTokenizer(folder, 'tokenizer')
  await rm(folder, { recursive: true })
  expect(tokenizer).toMatchObject({ begin: 49406, end: 49407, pad: 49407, comma: 267 })
  expect(tokenizer.encode('a photo of a cat')).toEqual([320, 1125, 539, 320, 2368])
})

test('the built-in tokenizer says the same as those files, padded with the end mark or with "!"', () => {
  expect(clipTokenizer('<|endoftext|>')).toMatchObject({ begin: 49406, end: 49407, pad: 49407, comma: 267 })
  const tokenizer = clipTokenizer('!')
  expect(tokenizer.pad).toBe(0)
  expect(tokenizer.encode('a photo of a cat')).toEqual([320, 1125, 539, 320, 2368])
})

test('the padding is what the folder names', async () => {
  expect((await loadTokenizer(join(fixtureModel('tiny-sd2'), 'tokenizer'), 'tokenizer')).pad).toBe(0)
  const { pad, end } = await loadTokenizer(join(fixtureModel('tiny-sd1'), 'tokenizer'), 'tokenizer')
  expect(pad).toBe(end)
})

test('a folder without files is refused with what is missing', async () => {
  await expect(loadTokenizer('/nowhere', 'tokenizer')).rejects.toMatchObject({
    code: 'model_unusable',
    message: 'tokenizer has neither tokenizer.json nor vocab.json and merges.txt.',
  })
})

test('marks that are written out are marks; no word of thousands of bytes takes long', () => {
  const { encode, begin, end } = clipTokenizer('!')
  expect(encode('<|startoftext|>a<|endoftext|>')).toEqual([begin, 320, end])
  const started = performance.now()
  expect(encode('✨'.repeat(2000)).length).toBeGreaterThan(100)
  expect(performance.now() - started).toBeLessThan(2000)
})
