import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cardLicence } from './model-card.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-card-'))
})
afterAll(() => rm(dir, { recursive: true }))

test.each<[string, string | null]>([
  ['---\ntags:\n- onnx\nlicense: creativeml-openrail-m\n---\n# A model', 'creativeml-openrail-m'],
  ['---\r\nlicense: "openrail++"\r\n---\r\n', 'openrail++'],
  ['---\nlicense: other\nlicense_name: sai-nc-community\n---\n', 'sai-nc-community'],
  ['---\nlicense: other\n---\n', 'other'],
  ['# A model\n\nlicense: of no kind\n', null],
  ['---\ntags: []\n---\nlicense: mit\n', null],
])('%j', async (card, licence) => {
  await writeFile(join(dir, 'README.md'), card)
  expect(await cardLicence(dir)).toBe(licence)
})

test('no card', async () => {
  expect(await cardLicence(join(dir, 'nowhere'))).toBeNull()
})
