import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MadeTensor, madeFile, numberedFile, type Stored } from '@pentimento/checkpoints/testing'
import { type PipelineCases, type PipelineReference, pipelineCasesOf } from './pipeline-cases.ts'
import { reference } from './reference.ts'

/**
 * What tools/checkpoints/make_pictures.py says of a file: format and shape of each tensor, and what is added to single
 * ones.
 */
interface NumberedFile {
  stored: Record<string, [Stored['dtype'], ...number[]]>
  shifts?: Record<string, number>
}

interface CheckpointReference extends PipelineReference {
  files: Record<string, NumberedFile>
  /** LoRAs and embeddings (tools/checkpoints/make_adapter_pictures.py). */
  adapters?: Record<string, Record<string, MadeTensor>>
  /** Image encoders' own (tools/checkpoints/make_reference_pictures.py). */
  configs?: Record<string, object>
  /** ControlNets and T2I-Adapters (tools/checkpoints/make_control_pictures.py). */
  controls?: Record<string, NumberedFile>
}

/**
 * Whole pictures on checkpoints of reduced width, as people have them: one safetensors file in LDM's layout. A file is
 * written when its first case is run, and all are removed on release.
 */
export function checkpointCases(
  name: 'checkpoints' | 'adapters' | 'references' | 'controls' = 'checkpoints',
): PipelineCases {
  const { files, adapters, configs, controls = {}, ...content } = reference<CheckpointReference>(name)
  let dir: string | undefined
  const fileOf = (name: string): string => {
    dir ??= mkdtempSync(join(tmpdir(), 'pentimento-checkpoints-'))
    const file = join(dir, `${name}.safetensors`)
    writeFileSync(file, bytesOf(files[name]))
    // The pictures are smaller than models paint them, so that many are few bytes.
    writeFileSync(join(dir, `${name}.json`), JSON.stringify({ sizes: { min: 8 } }))
    return file
  }
  const adapterOf = (adapter: string): string => {
    dir ??= mkdtempSync(join(tmpdir(), 'pentimento-checkpoints-'))
    const file = join(dir, `${adapter}.adapter.safetensors`)
    const control = controls[adapter]
    writeFileSync(file, control ? bytesOf(control) : madeFile(adapters?.[adapter] ?? {}))
    const config = configs?.[adapter]
    if (config) writeFileSync(join(dir, `${adapter}.adapter.json`), JSON.stringify(config))
    return file
  }
  const cases = pipelineCasesOf(content, { semantics: 'diffusers' }, fileOf, adapterOf)
  return {
    ...cases,
    async release() {
      await cases.release()
      if (dir !== undefined) rmSync(dir, { recursive: true })
      dir = undefined
    },
  }
}

function bytesOf({ stored, shifts }: NumberedFile): Buffer {
  const tensors = Object.entries(stored).map(([key, [dtype, ...shape]]): [string, Stored] => [key, { dtype, shape }])
  return numberedFile(new Map(tensors), shifts)
}
