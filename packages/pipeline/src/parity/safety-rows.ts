import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MadeTensor, madeFile } from '@pentimento/checkpoints/testing'
import { localRuntime } from '../ort/runtime.ts'
import { cosines } from '../safety/is-unsafe.ts'
import { safetyCheckers } from '../safety/open-safety-checker.ts'
import { floats, octets, reference } from './reference.ts'
import { type ParityRow, worst } from './row.ts'

/** tools/checkpoints/make_safety_checkers.py */
interface SafetyReference {
  pictures: { width: number; height: number; data: string }[]
  checkers: Record<string, { tensors: Record<string, MadeTensor>; config: object; cosines: string; flags: boolean[] }>
}

/** How far the cosines are from diffusers', and how many pictures are judged otherwise. */
async function differences({ pictures, checkers }: SafetyReference): Promise<{ cosine: number; flags: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'pentimento-safety-'))
  try {
    const open = safetyCheckers({ open: localRuntime().open, device: 'cpu', threads: 1 })
    const apart: number[] = []
    let flags = 0
    for (const [name, { tensors, config, ...expected }] of Object.entries(checkers)) {
      const path = join(dir, `${name}.safetensors`)
      writeFileSync(path, madeFile(tensors))
      writeFileSync(join(dir, `${name}.json`), JSON.stringify(config))
      const checker = await open(path)
      const all = floats(expected.cosines)
      for (const [i, { width, height, data }] of pictures.entries()) {
        const image = { width, height, data: octets(data) }
        const found = cosines(await checker.summary(image), checker.concepts)
        found.forEach((cosine, k) => {
          apart.push(Math.abs(cosine - all[i * found.length + k]))
        })
        if ((await checker.isUnsafe(image)) !== expected.flags[i]) flags++
      }
    }
    return { cosine: worst(apart), flags }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

export function safetyRows(): ParityRow[] {
  const content = reference<SafetyReference>('safety')
  let measured: ReturnType<typeof differences> | undefined
  const measure = async () => {
    measured ??= differences(content)
    return measured
  }
  const row = {
    group: 'Safety checker',
    subject: 'StableDiffusionSafetyChecker with CLIPImageProcessor',
    reference: 'diffusers, transformers',
    extent: `${content.pictures.length * Object.keys(content.checkers).length} pictures`,
    varies: 'the last digits of sums differ with the processor',
  }
  return [
    { ...row, unit: 'largest difference of a cosine', limit: 2e-3, measure: async () => (await measure()).cosine },
    { ...row, unit: 'pictures that are judged otherwise', limit: 0, measure: async () => (await measure()).flags },
  ]
}
