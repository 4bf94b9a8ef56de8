// Paints every request of the references on small checkpoints that lie there in three ways (make_exports.py of
// tools/checkpoints): as a single file, as a folder of safetensors and as an ONNX export. node … layouts.ts FOLDER
// prints what differs, and exits with 1 if anything does.
import { join } from 'node:path'
import { generate } from '../index.ts'
import { caseModels } from './case-models.ts'
import { agreement, type PipelineCase, pictureReferences, pipelineCases } from './pipeline-cases.ts'

const [folder] = process.argv.slice(2)
/** The checkpoint of each tiny model's kind; the others have its name. */
const kinds: Record<string, string> = { 'sd1-short': 'sd1', sd2: 'sd2-v' }
const models = caseModels()
let [requests, apart, differing, largest] = [0, 0, 0, 0]

for (const [name, semantics] of pictureReferences) {
  const cases = pipelineCases(name, { semantics })
  const painted = async (one: PipelineCase, layout: string): Promise<Uint8Array[]> => {
    const kind = one.model.replace('tiny-', '')
    const path = join(folder, `${kinds[kind] ?? kind}${layout}`)
    const { images } = await generate(await models.load(path, {}, one.scheduler), cases.request(one))
    return images.map(({ image }) => image.data)
  }
  for (const one of cases.cases) {
    const weights = await painted(one, '-folder')
    const exported = agreement(weights, await painted(one, '-onnx'))
    // What a folder says of its scheduler has no place in a single file.
    const isSame = one.scheduler !== undefined || agreement(weights, await painted(one, '.safetensors')).largest === 0
    requests++
    if (!isSame) apart++
    largest = Math.max(largest, exported.largest)
    if (isSame && exported.largest <= 3 && exported.beyondOne <= 1e-3) continue
    differing++
    const { images: _, ...described } = one
    process.stdout.write(
      `${exported.largest} of 255, ${exported.beyondOne} beyond 1, file and folder ${isSame ? 'the same' : 'apart'}: ${JSON.stringify(described)}\n`,
    )
  }
}
await models.release()
process.stdout.write(
  `${requests} requests: file and folder apart in ${apart}, largest difference to the export ${largest} of 255, ${differing} beyond the limits\n`,
)
process.exitCode = differing === 0 ? 0 : 1
