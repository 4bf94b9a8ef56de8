import { decodeMask, isFilled } from '@pentimento/images'
import { controlNames } from '@pentimento/vocabulary'
import { fieldProblem } from '../../http/problem.ts'
import { decodeLimits, decodeTurn, imageProblem } from '../../submit/decoding.ts'
import type { KnownModel } from '../../submit/find-model.ts'
import type { Holder } from '../../submit/holder.ts'
import { readPictureText } from '../picture-text.ts'
import type { Asked } from '../submit-job.ts'
import { findControl } from './control-models.ts'
import type { Unit } from './control-unit.ts'
import { fitPicture } from './fit-control.ts'

type File = Asked['files'][number]

interface WithUnits {
  jobs: Asked[]
  /** Names of what was sent and has no effect. */
  ignored: string[]
}

/** A unit under the names of native fields. */
interface NamedUnit {
  unit: Unit
  /** What its fields begin with. */
  prefix: string
  bytes: Uint8Array | null
}

/** Jobs that are held to pictures, or shall resemble one, besides. @throws HttpProblem */
export async function withUnits(
  jobs: Asked[],
  units: readonly Unit[],
  { model, holder }: { model: KnownModel; holder: Holder },
): Promise<WithUnits> {
  if (units.length === 0) return { jobs, ignored: [] }
  const named: NamedUnit[] = []
  for (const [i, prefix] of prefixesOf(units).entries()) {
    const unit = units[i] as Unit
    await refuseMask(unit, holder)
    named.push({ unit, prefix, bytes: await bytesOf(unit, holder) })
  }
  const fields = Object.assign({}, ...named.map((one) => fieldsOf(one, model)))
  const held: Asked[] = []
  const known = new Map<string, Uint8Array>()
  for (const job of jobs) {
    const files: File[] = []
    const beside: Record<string, unknown> = {}
    for (const one of named) {
      const { bytes, prefix, unit } = one
      if (bytes === null) Object.assign(beside, paintedOver(one, job, files))
      else if (prefix === 'reference') files.push({ name: `${prefix}_image`, bytes })
      else files.push({ name: `${prefix}_image`, bytes: await fitPicture(bytes, unit, job, { holder, known }) })
    }
    held.push({ ...job, fields: { ...job.fields, ...fields, ...beside }, files: [...job.files, ...files] })
  }
  return { jobs: held, ignored: ignoredOf(units, jobs) }
}

/** Units are counted by what they do: IP-Adapters apart from what holds a picture to another. */
function prefixesOf(units: readonly Unit[]): string[] {
  let controls = 0
  let references = 0
  return units.map(({ module, name }) => {
    const prefix = module.does === 'reference' ? ['reference'][references++] : controlNames[controls++]
    if (prefix) return prefix
    const detail = module.does === 'reference' ? 'one IP-Adapter at once' : `at most ${controlNames.length} at once`
    throw fieldProblem('not_supported', name, detail)
  })
}

function fieldsOf({ unit, prefix }: NamedUnit, model: KnownModel): Record<string, unknown> {
  const { module, type, weight, start, end, thresholds } = unit
  const { name, control_types } = findControl(model, unit)
  if (prefix === 'reference') return { reference_model: name, reference_scale: weight }
  return {
    [`${prefix}_model`]: name,
    // Clients send it beside any model; there it means something to unions alone, too.
    ...(control_types && type !== null && { [`${prefix}_type`]: type }),
    [`${prefix}_scale`]: weight,
    [`${prefix}_start`]: start,
    [`${prefix}_end`]: end,
    [`${prefix}_preprocessor`]: module.does,
    ...(module.does === 'canny' && {
      [`${prefix}_canny_low`]: thresholds.low,
      [`${prefix}_canny_high`]: thresholds.high,
    }),
  }
}

async function bytesOf({ picture, name }: Unit, holder: Holder): Promise<Uint8Array | null> {
  if (picture === null) return null
  const read = await readPictureText(picture, holder.upload)
  if ('bytes' in read) return read.bytes
  throw fieldProblem('invalid_image', `${name} image`, 'Invalid encoded image')
}

/** Clients send a mask of nothing beside pictures that have none. */
async function refuseMask({ mask, name }: Unit, holder: Holder): Promise<void> {
  if (mask === null) return
  const field = `${name} mask`
  const read = await readPictureText(mask, holder.upload)
  if ('url' in read) throw fieldProblem('invalid_image', field, 'Invalid encoded image')
  const { data } = await decodeMask(read.bytes, 'white', decodeLimits, decodeTurn(holder)).catch(imageProblem(field))
  if (!isFilled(data, 0))
    throw fieldProblem('not_supported', field, "a unit has no mask of its own: send the request's")
}

/** A unit without a picture looks at the one that is painted over. @throws HttpProblem where there is none */
function paintedOver({ unit, prefix }: NamedUnit, job: Asked, files: File[]): Record<string, unknown> {
  if (job.kind === 'txt2img')
    throw fieldProblem('image_required', `${unit.name} image`, 'ControlNet is enabled but no input image is given')
  if (prefix !== 'reference') return {}
  const image = job.files.find(({ name }) => name === 'image')
  if (image) files.push({ name: 'reference_image', bytes: image.bytes })
  return image ? {} : { reference_image_url: job.fields.image_url }
}

/** Edges are looked for at the size that is painted, whatever other was asked for. */
function ignoredOf(units: readonly Unit[], jobs: readonly Asked[]): string[] {
  const sides = jobs.map(({ fields }) => Math.min(Number(fields.width), Number(fields.height)))
  return units
    .filter(({ resolution }) => resolution !== null && sides.some((side) => side !== resolution))
    .map(({ name }) => `${name} processor_res`)
}
