import type { PictureSettings } from '../request.ts'
import { type CaseModels, caseModels } from './case-models.ts'
import { type CheckpointModels, checkpointCases, checkpointModels } from './checkpoint-cases.ts'
import {
  type Agreement,
  type PipelineCase,
  type PipelineCases,
  pictureReferences,
  pipelineCases,
} from './pipeline-cases.ts'
import { type ParityRow, worst } from './row.ts'

/** onnxruntime chooses its kernels by the processor, and another one sums in another order. */
const varies = 'the figures depend on the processor'

/** Whole pictures, from the request to its bytes, on the tiny models of models/fixtures and on small checkpoints. */
export function pipelineRows(): ParityRow[] {
  const tiny = heldByRows(caseModels())
  const small = heldByRows(checkpointModels())
  return [
    ...pictureReferences.flatMap(([file, semantics]) =>
      fixtureRows(file, { semantics }, semantics === 'a1111' ? 'AUTOMATIC1111' : 'diffusers', tiny),
    ),
    ...checkpointRows(small),
    ...adapterRows(small),
    ...referenceRows(small),
    ...controlRows(small),
  ]
}

/** Models that are released when the last of the subjects that hold them has been measured. */
interface Held<Models> {
  models: Models
  hold(): void
  leave(): Promise<void>
}

function heldByRows<Models extends CaseModels>(models: Models): Held<Models> {
  let holders = 0
  return {
    models,
    hold() {
      holders++
    },
    async leave() {
      if (--holders === 0) await models.release()
    },
  }
}

function fixtureRows(
  file: string,
  base: Partial<PictureSettings>,
  reference: string,
  held: Held<CaseModels>,
): ParityRow[] {
  const cases = pipelineCases(file, base, held.models)
  const what = file === 'webui-prompts' ? ' of prompts that change and join' : ''
  const subjects = Map.groupBy(cases.cases, (one) => {
    const grows = one.extendLeft || one.extendTop || one.extendRight || one.extendBottom
    return `${one.model.replace('tiny-', '')}, ${grows ? 'outpainting' : one.kind}${what}`
  })
  return rowsOf(subjects, cases, reference, held)
}

/** Of single files, each loaded once for all that is asked of it. */
function checkpointRows(held: Held<CheckpointModels>): ParityRow[] {
  const cases = checkpointCases('checkpoints', held.models)
  const works = Map.groupBy(cases.cases, ({ model }) => model)
  const subjects = [...works].map(([model, members]): [string, PipelineCase[]] => [
    `${model}.safetensors, ${[...new Set(members.map(({ kind }) => kind))].join(', ')}`,
    members,
  ])
  return rowsOf(subjects, cases, 'from_single_file', held)
}

/** Of the same, with what people put beside them. */
function adapterRows(held: Held<CheckpointModels>): ParityRow[] {
  const cases = checkpointCases('adapters', held.models)
  const subjects = Map.groupBy(cases.cases, ({ model, loras, embeddings }) => {
    const beside = [loras ? 'LoRAs' : [], embeddings ? 'embeddings' : []].flat().join(' and ')
    return `${model}.safetensors with ${beside}`
  })
  return rowsOf(subjects, cases, 'load_lora_weights (PEFT), load_textual_inversion', held)
}

/** And with a picture that the painted ones shall resemble. */
function referenceRows(held: Held<CheckpointModels>): ParityRow[] {
  const cases = checkpointCases('references', held.models)
  const subjects = Map.groupBy(
    cases.cases,
    ({ model, reference }) => `${model}.safetensors with an IP-Adapter (${reference?.adapter.split('-')[1]})`,
  )
  return rowsOf(subjects, cases, 'load_ip_adapter', held)
}

/** Of the same, held to pictures. */
function controlRows(held: Held<CheckpointModels>): ParityRow[] {
  const cases = checkpointCases('controls', held.models)
  const subjects = Map.groupBy(cases.cases, ({ model, kind, controls = [] }) => {
    const beginsSo = (start: string) => controls.some(({ name }) => name.startsWith(start))
    const what = beginsSo('t2i') ? 'T2I-Adapters' : beginsSo('union') ? 'union ControlNets' : 'ControlNets'
    return `${model}.safetensors with ${what}, ${kind}`
  })
  return rowsOf(subjects, cases, 'ControlNet and T2I-Adapter pipelines', held)
}

function rowsOf(
  subjects: Iterable<[subject: string, members: PipelineCase[]]>,
  cases: PipelineCases,
  reference: string,
  { hold, leave }: Pick<Held<CaseModels>, 'hold' | 'leave'>,
): ParityRow[] {
  return [...subjects].flatMap(([subject, members]) => {
    hold()
    let agreements: Promise<Agreement[]> | undefined
    const measured = (): Promise<Agreement[]> => {
      agreements ??= runAll(members, cases.run).finally(leave)
      return agreements
    }
    const row = { group: 'Whole pictures', subject, reference, extent: `${members.length} requests`, varies }
    return [
      {
        ...row,
        unit: 'largest difference of a value, of 255',
        limit: 3,
        measure: async () => worst((await measured()).map(({ largest }) => largest)),
      },
      {
        ...row,
        unit: 'share of values that differ by more than 1',
        limit: 1e-3,
        measure: async () => worst((await measured()).map(({ beyondOne }) => beyondOne)),
      },
    ]
  })
}

async function runAll(
  cases: readonly PipelineCase[],
  run: (one: PipelineCase) => Promise<Agreement>,
): Promise<Agreement[]> {
  const agreements: Agreement[] = []
  for (const one of cases) agreements.push(await run(one))
  return agreements
}
