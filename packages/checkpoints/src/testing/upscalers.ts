import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Tensor } from 'onnxruntime-node'
import { readUpscaler } from '../upscalers/read-upscaler.ts'
import { writeUpscaler } from '../upscalers/write-upscaler.ts'
import { decoded, relativeDifference, runGraph, type Shapes } from './networks.ts'
import { numberedFile } from './numbered-file.ts'
import { inputNumbers } from './numbers.ts'
import type { Stored } from './write-safetensors.ts'

/** What torch computes with small upscalers (tools/checkpoints/make_upscalers.py). */
export const upscalerCases: Record<string, { shapes: Shapes; output: string }> = JSON.parse(
  gunzipSync(readFileSync(new URL('../../fixtures/upscalers.json.gz', import.meta.url))).toString(),
)

/** The file of a case's network. */
export function upscalerFile(label: string): Buffer {
  const shapes = Object.entries(upscalerCases[label]?.shapes ?? {})
  return numberedFile(new Map(shapes.map(([name, shape]): [string, Stored] => [name, { dtype: 'F32', shape }])))
}

/** How far a case's graph is from what torch computes, relative to the largest number of that. */
export async function upscalerDifference(label: string): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'pentimento-upscaler-'))
  try {
    const path = join(dir, 'upscaler.safetensors')
    await writeFile(path, upscalerFile(label))
    const picture = new Tensor('float32', inputNumbers([1, 3, 6, 8], 77), [1, 3, 6, 8])
    const { enlarged } = await runGraph(writeUpscaler(await readUpscaler(path)), { picture })
    return relativeDifference(enlarged, decoded(upscalerCases[label]?.output ?? ''))
  } finally {
    rmSync(dir, { recursive: true })
  }
}
