import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MadeTensor, madeFile, numberedFile, type Stored } from '@pentimento/checkpoints/testing'
import type { Runtime } from '../ort/runtime.ts'
import { type CaseModels, caseModels } from './case-models.ts'
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

/** The four references on small checkpoints. */
type Name = 'checkpoints' | 'adapters' | 'references' | 'controls'

export interface CheckpointModels extends CaseModels {
  /** The path of a file, which is made when it is wanted first. */
  made(name: string, fill: (file: string) => void): string
}

/** Models of files that are made for them, and removed with them. */
export function checkpointModels(runtime?: Runtime): CheckpointModels {
  const models = caseModels(runtime)
  let dir: string | undefined
  return {
    ...models,
    made(name, fill) {
      dir ??= mkdtempSync(join(tmpdir(), 'pentimento-checkpoints-'))
      const file = join(dir, name)
      if (!existsSync(file)) fill(file)
      return file
    },
    async release() {
      await models.release()
      if (dir !== undefined) rmSync(dir, { recursive: true })
      dir = undefined
    },
  }
}

/** Whole pictures on checkpoints of reduced width, as people have them: one safetensors file in LDM's layout. */
export function checkpointCases(name: Name, models: CheckpointModels): PipelineCases {
  const { files, adapters, configs, controls = {}, ...content } = reference<CheckpointReference>(name)
  const fileOf = (model: string): string => {
    // The same in several references, or another one under its name.
    const kind = createHash('sha256').update(JSON.stringify(files[model])).digest('hex').slice(0, 8)
    return models.made(`${model}-${kind}.safetensors`, (file) => {
      writeFileSync(file, bytesOf(files[model]))
      // The pictures are smaller than models paint them, so that many are few bytes.
      writeFileSync(file.replace('.safetensors', '.json'), JSON.stringify({ sizes: { min: 8 } }))
    })
  }
  const adapterOf = (adapter: string): string =>
    models.made(`${name}-${adapter}.adapter.safetensors`, (file) => {
      const control = controls[adapter]
      writeFileSync(file, control ? bytesOf(control) : madeFile(adapters?.[adapter] ?? {}))
      const config = configs?.[adapter]
      if (config) writeFileSync(file.replace('.safetensors', '.json'), JSON.stringify(config))
    })
  return pipelineCasesOf(content, { semantics: 'diffusers' }, models, fileOf, adapterOf)
}

function bytesOf({ stored, shifts }: NumberedFile): Buffer {
  const tensors = Object.entries(stored).map(([key, [dtype, ...shape]]): [string, Stored] => [key, { dtype, shape }])
  return numberedFile(new Map(tensors), shifts)
}
