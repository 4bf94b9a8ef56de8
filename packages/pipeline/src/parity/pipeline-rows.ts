import type { PictureSettings } from '../request.ts'
import { type Agreement, type PipelineCase, pipelineCases } from './pipeline-cases.ts'
import { type ParityRow, worst } from './row.ts'

/** onnxruntime chooses its kernels by the processor, and another one sums in another order. */
const varies = 'the figures depend on the processor'

/** Whole pictures, from the request to its bytes, on the tiny models of models/fixtures. */
export function pipelineRows(): ParityRow[] {
  return [
    ...rowsOf('pipelines', { semantics: 'diffusers' }, 'diffusers'),
    ...rowsOf('webui-pipelines', { semantics: 'a1111' }, 'AUTOMATIC1111'),
    ...rowsOf('txt2img', { semantics: 'diffusers' }, 'diffusers'),
    ...rowsOf('webui-txt2img', { semantics: 'a1111' }, 'AUTOMATIC1111'),
  ]
}

function rowsOf(file: string, base: Partial<PictureSettings>, reference: string): ParityRow[] {
  const cases = pipelineCases(file, base)
  const subjects = Map.groupBy(cases.cases, ({ model, kind }) => `${model.replace('tiny-', '')}, ${kind}`)
  return [...subjects].flatMap(([subject, members]) => {
    let agreements: Promise<Agreement[]> | undefined
    const measured = (): Promise<Agreement[]> => {
      agreements ??= runAll(members, cases.run).finally(cases.release)
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
