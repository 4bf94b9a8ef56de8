import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ldmFile } from '../folder/ldm-file.testing.ts'
import { type LoadedModel, loadModel } from '../load-model.ts'
import { fixtureModel } from '../parity/pipeline-cases.ts'
import { encodePrompt } from './encode-prompt.ts'
import { loadEmbeddings } from './load-embeddings.ts'

const options = { device: 'cpu', threads: 1 } as const
let dir: string
let model: LoadedModel
let table: Float32Array
let width = 0
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-embeddings-'))
  const file = join(dir, 'model.safetensors')
  await writeFile(file, ldmFile('sd1'))
  await writeFile(join(dir, 'model.json'), '{"heads":{"text_encoder":1}}')
  model = (await loadModel(file, options)) as LoadedModel
  const bytes = await readFile(file)
  const length = Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString())
  const { shape, data_offsets } = header['cond_stage_model.transformer.text_model.embeddings.token_embedding.weight']
  width = shape[1]
  table = new Float32Array(
    bytes.buffer.slice(
      bytes.byteOffset + 8 + length + data_offsets[0],
      bytes.byteOffset + 8 + length + data_offsets[1],
    ),
  )
}, 60_000)
afterAll(async () => {
  await model.dispose()
  await rm(dir, { recursive: true })
})

/** An embedding with the rows that the model's table has for a text. */
async function embeddingOf(name: string, text: string, key: string): Promise<string> {
  const ids = model.textEncoders[0].tokenizer.encode(text)
  const rows = Float32Array.from(ids.flatMap((id) => [...table.subarray(id * width, (id + 1) * width)]))
  const json = Buffer.from(
    JSON.stringify({ [key]: { dtype: 'F32', shape: [ids.length, width], data_offsets: [0, rows.byteLength] } }),
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  const path = join(dir, `${name}.safetensors`)
  await writeFile(path, Buffer.concat([length, json, new Uint8Array(rows.buffer)]))
  return path
}

async function encode(prompt: string, chosen: { name: string; path: string }[], semantics: 'a1111' | 'diffusers') {
  const embeddings = await loadEmbeddings(chosen, model.textEncoders)
  const { layer } = model.folder.family.text
  const given = { semantics, clipSkip: 1, layer, embeddings }
  return (await encodePrompt(prompt, model.textEncoders, given)).conditioning.context
}

test.each(['a1111', 'diffusers'] as const)(
  'a word whose vectors are those of others says what these say: %s',
  async (semantics) => {
    const zebra = { name: 'zz-style', path: await embeddingOf('zz-style', 'a red cat', 'emb_params') }
    const named = { name: 'mood', path: await embeddingOf('mood', 'blue', '<mood>') }
    const found = await encode('photo of zz-style, mood sky', [zebra, named], semantics)
    expect(found).toEqual(await encode('photo of a red cat, blue sky', [], semantics))
    expect(found).not.toEqual(await encode('photo of zz-style, mood sky', [], semantics))
  },
)

test('one of another width is refused, and every one by a folder of ONNX graphs', async () => {
  const [encoder] = model.textEncoders
  const wide = join(dir, 'wide.safetensors')
  const json = Buffer.from('{"emb_params":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}')
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  await writeFile(wide, Buffer.concat([length, json, Buffer.alloc(8)]))
  await expect(loadEmbeddings([{ name: 'wide', path: wide }], [encoder])).rejects.toMatchObject({
    code: 'not_supported',
    message: `The embedding wide: It has 2 numbers a vector, and this model's text encoder takes ${width}.`,
  })
  const onnx = (await loadModel(fixtureModel('tiny-sd1'), options)) as LoadedModel
  await expect(loadEmbeddings([{ name: 'wide', path: wide }], onnx.textEncoders)).rejects.toThrow(
    /only models of .safetensors/,
  )
  await onnx.dispose()
})
