import {
  type ControlName,
  type ControlPreprocessor,
  type ControlType,
  controlFields,
  controlNames,
  type Values,
} from '@pentimento/vocabulary'
import { type Adapters, type FittedModel, whyUnfit } from './adapters.ts'
import type { AdapterEntry } from './catalog.ts'
import type { FieldIssue } from './field-issue.ts'
import type { JobFields } from './fields.ts'

export type ControlParameters = Values<typeof controlFields>

/** One of a job's controls, every value effective. */
interface JobControl {
  /** What its fields begin with. */
  field: ControlName
  model: string
  /** Of a union: what kind of picture it is given. */
  type: ControlType | null
  scale: number
  start: number
  end: number
  preprocessor: ControlPreprocessor
  /** Of `canny`. */
  thresholds: { low: number; high: number }
}

/** Those that a job has, in the order of its fields. */
export function controlsOf(parameters: Partial<ControlParameters>): JobControl[] {
  return controlNames.flatMap((field): JobControl[] => {
    const model = parameters[`${field}_model`] ?? null
    if (model === null) return []
    const values = {
      type: parameters[`${field}_type`] ?? null,
      scale: parameters[`${field}_scale`] ?? controlFields.control_scale.default,
      start: parameters[`${field}_start`] ?? controlFields.control_start.default,
      end: parameters[`${field}_end`] ?? controlFields.control_end.default,
      preprocessor: parameters[`${field}_preprocessor`] ?? controlFields.control_preprocessor.usual,
      thresholds: {
        low: parameters[`${field}_canny_low`] ?? controlFields.control_canny_low.default,
        high: parameters[`${field}_canny_high`] ?? controlFields.control_canny_high.default,
      },
    }
    return [{ field, model, ...values }]
  })
}

/** What a UNet's evaluation costs more with them: a ControlNet is about half of a UNet. */
export function controlCost(parameters: Partial<ControlParameters>): number {
  return 1 + controlsOf(parameters).length / 2
}

const noControls = Object.fromEntries(Object.keys(controlFields).map((name) => [name, null]))

/** The effective values of the fields of controls, null without one, and all that cannot be of them. */
export function resolveControls(
  fields: JobFields,
  model: FittedModel,
  adapters: Adapters,
): { values: ControlParameters; issues: FieldIssue[] } {
  const issues: FieldIssue[] = []
  const isInpaint = 'mask_blur' in fields || 'inpaint_area' in fields
  const values: Record<string, unknown> = { ...noControls }
  const known = adapters?.filter(({ kind }) => kind === 'controlnet' || kind === 't2i-adapter') ?? null
  for (const field of controlNames) {
    const name = fields[`${field}_model`]
    if (name === undefined) continue
    const [start, end] = [fields[`${field}_start`], fields[`${field}_end`]]
    const asked = fields[`${field}_type`]
    const isOfMask = isInpaint && (/inpaint/i.test(name) || asked === 'inpaint')
    const preprocessor = fields[`${field}_preprocessor`] ?? (isOfMask ? 'inpaint' : 'none')
    const found = known?.find((one) => one.name === name)
    const { type, problem } = resolveType(found, asked, preprocessor)
    issues.push(...modelIssues(`/${field}_model`, name, model, { known, found }))
    if (problem) issues.push({ ...problem, pointer: `/${field}_type` })
    if (start >= end)
      issues.push({
        code: 'invalid_fields',
        pointer: `/${field}_start`,
        detail: `must be less than ${field}_end, ${end}`,
      })
    if (preprocessor === 'inpaint' && !isInpaint) {
      const detail = 'leaves open what a mask repaints, and there is none: send the job to /v1/inpaint'
      issues.push({ code: 'not_supported', pointer: `/${field}_preprocessor`, detail })
    }
    const isCanny = preprocessor === 'canny'
    const own = {
      model: name,
      type,
      scale: fields[`${field}_scale`],
      start,
      end,
      preprocessor,
      canny_low: isCanny ? fields[`${field}_canny_low`] : null,
      canny_high: isCanny ? fields[`${field}_canny_high`] : null,
    }
    for (const [part, value] of Object.entries(own)) values[`${field}_${part}`] = value
  }
  return { values: values as ControlParameters, issues }
}

/** What a preprocessor makes of any picture. */
const madeTypes: Partial<Record<ControlPreprocessor, ControlType>> = { canny: 'lineart', inpaint: 'inpaint' }

/** What kind of picture a union ControlNet is given, which no other is asked. */
function resolveType(
  adapter: AdapterEntry | undefined,
  asked: ControlType | undefined,
  preprocessor: ControlPreprocessor,
): { type: ControlType | null; problem?: Omit<FieldIssue, 'pointer'> } {
  // What there is not is said of the model.
  if (!adapter) return { type: null }
  const { name, control_types: types } = adapter
  if (!types) {
    const detail = `is for union ControlNets, and ${name} is for one kind of picture alone: leave it out`
    return asked === undefined ? { type: null } : { type: null, problem: { code: 'not_supported', detail } }
  }
  const type = asked ?? madeTypes[preprocessor]
  if (type !== undefined && types.includes(type)) return { type }
  const list = types.join(', ')
  if (asked !== undefined) {
    const detail = `${name} does not know ${asked}: it takes ${list}`
    return { type: null, problem: { code: 'not_supported', detail } }
  }
  return { type: null, problem: { code: 'invalid_fields', detail: `must say what ${name} is given: one of ${list}` } }
}

/** @param controls.known all that there are; null while no worker says @param controls.found that of this name */
function modelIssues(
  pointer: string,
  name: string,
  model: FittedModel,
  { known, found }: { known: readonly AdapterEntry[] | null; found: AdapterEntry | undefined },
): FieldIssue[] {
  if (known === null) {
    const detail = 'no worker is there to say which ControlNets this model has; try again shortly'
    return [{ code: 'no_worker', pointer, detail }]
  }
  if (found) {
    const reason = whyUnfit(found, model)
    return reason === null ? [] : [{ code: 'not_supported', pointer, detail: reason }]
  }
  const fitting = known.filter((one) => whyUnfit(one, model) === null).map((one) => one.name)
  const list =
    fitting.length === 0
      ? 'this model has none'
      : `known: ${fitting.slice(0, 20).join(', ')}${fitting.length > 20 ? ', …' : ''}`
  return [{ code: 'unknown_control', pointer, detail: `there is no ControlNet ${JSON.stringify(name)}; ${list}` }]
}
