import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCheckpoint } from '@pentimento/checkpoints'

type Tensor = [name: string, content: { dtype: string; shape: readonly number[]; bytes: Uint8Array }]

/**
 * Writes a single file's weights once more as a folder in diffusers' layout.
 *
 * @param files how many files each part is shared out among
 */
export async function writeAsFolder(file: string, dir: string, files: number): Promise<void> {
  const { scheduler, texts, weights } = await readCheckpoint(file)
  const json = async (path: string, content: object): Promise<void> => {
    await mkdir(join(dir, path, '..'), { recursive: true })
    await writeFile(join(dir, path), JSON.stringify(content))
  }
  await json('model_index.json', { _class_name: 'DiffusionPipeline' })
  await json('scheduler/scheduler_config.json', scheduler)
  for (const [part, { activation }] of Object.entries(texts)) {
    await json(`${part}/config.json`, { hidden_act: activation })
  }
  const stored = await readFile(file)
  for (const [part, own] of Object.entries(weights)) {
    const tensors = [...own].map(([name, { dtype, shape, offset, length, transposed }]): Tensor => {
      const bytes = stored.subarray(offset, offset + length)
      if (!transposed) return [name, { dtype, shape, bytes }]
      return [name, { dtype, shape: shape.toReversed(), bytes: turned(bytes, shape) }]
    })
    const base = part.startsWith('text') ? 'model' : 'diffusion_pytorch_model'
    await mkdir(join(dir, part), { recursive: true })
    if (files === 1) {
      await writeFile(join(dir, part, `${base}.safetensors`), fileOf(tensors))
      continue
    }
    const shards = Array.from({ length: files }, (_, i) => tensors.filter((_, k) => k % files === i))
    const named = shards.map((own, i) => ({ name: `${base}-0000${i + 1}-of-0000${files}.safetensors`, own }))
    for (const { name, own } of named) await writeFile(join(dir, part, name), fileOf(own))
    const map = Object.fromEntries(named.flatMap(({ name, own }) => own.map(([key]) => [key, name])))
    await json(`${part}/${base}.safetensors.index.json`, { metadata: {}, weight_map: map })
  }
}

function turned(bytes: Uint8Array, [rows = 0, columns = 0]: readonly number[]): Uint8Array {
  const width = bytes.length / (rows * columns)
  const answer = new Uint8Array(bytes.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const from = (row * columns + column) * width
      answer.set(bytes.subarray(from, from + width), (column * rows + row) * width)
    }
  return answer
}

function fileOf(tensors: readonly Tensor[]): Buffer {
  let place = 0
  const header = tensors.map(([name, { dtype, shape, bytes }]) => {
    place += bytes.length
    return [name, { dtype, shape, data_offsets: [place - bytes.length, place] }]
  })
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...tensors.map(([, { bytes }]) => bytes)])
}
