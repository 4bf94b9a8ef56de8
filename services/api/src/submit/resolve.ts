import {
  type FieldIssue,
  type Img2imgFields,
  type InpaintFields,
  type JobFields,
  type JobRequest,
  type Parameters,
  type Resolved,
  resolveInpaintParameters,
  resolveParameters,
  resolveTxt2imgParameters,
  type SentPictures,
  type Txt2imgFields,
  type Txt2imgParameters,
} from '@pentimento/contracts'
import { jobCost } from '@pentimento/state'
import { enlargedSize } from '@pentimento/vocabulary'
import type { Caller } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import type { KnownModel } from './find-model.ts'
import { namesReference } from './reference-image.ts'
import type { SourceImage } from './source-image.ts'

/** Every effective value of a txt2img job. @throws HttpProblem with all issues at once */
export function txt2imgParameters(fields: Txt2imgFields, model: KnownModel, caller: Caller) {
  return checked(resolveTxt2imgParameters(fields, model, sentWith(fields)), caller)
}

/** Every effective value of an img2img job. @throws HttpProblem with all issues at once */
export function img2imgParameters(fields: Img2imgFields, model: KnownModel, image: SourceImage, caller: Caller) {
  return checked(resolveParameters(fields, model, image, sentWith(fields)), caller)
}

/** Every effective value of an inpaint job. @throws HttpProblem with all issues at once */
export function inpaintParameters(
  fields: InpaintFields,
  model: KnownModel,
  image: SourceImage,
  hasMask: boolean,
  caller: Caller,
) {
  return checked(resolveInpaintParameters(fields, model, image, hasMask, sentWith(fields)), caller)
}

function sentWith(fields: JobFields): SentPictures {
  return { reference: namesReference(fields) }
}

function checked<P extends Parameters | Txt2imgParameters>(resolved: Resolved<P>, caller: Caller): P {
  if (!resolved.ok) throw issuesProblem(resolved.issues)
  const issues = tenantIssues(resolved.parameters, caller)
  if (issues.length > 0) throw issuesProblem(issues)
  return resolved.parameters
}

function tenantIssues(parameters: Parameters | Txt2imgParameters, { limits }: Caller): FieldIssue[] {
  const { steps, hires_steps, upscale } = parameters
  const { width, height } = enlargedSize(parameters, upscale)
  const issues: FieldIssue[] = []
  if (limits.maxPixels !== undefined && width * height > limits.maxPixels) {
    const detail = `your key allows ${limits.maxPixels} pixels an image, not ${width} × ${height}`
    issues.push({ code: 'too_much_work', pointer: '/width', detail })
  }
  if (limits.maxSteps !== undefined && Math.max(steps, hires_steps ?? 0) > limits.maxSteps) {
    issues.push({ code: 'too_much_work', pointer: '/steps', detail: `your key allows ${limits.maxSteps} steps` })
  }
  return issues
}

/** A job that no day of the caller would be long enough for. @throws HttpProblem */
export function refuseTooCostly(request: Pick<JobRequest, 'parameters' | 'inputs'>, { limits }: Caller): void {
  const cost = jobCost(request)
  if (limits.dailyWork === undefined || cost <= limits.dailyWork) return
  const detail = `your key allows ${limits.dailyWork} megapixel-steps a day; this job alone takes ${cost.toFixed(3)}`
  throw issuesProblem([{ code: 'too_much_work', pointer: '/steps', detail }])
}

/** The first issue names the answer; all of them are listed. */
function issuesProblem(issues: FieldIssue[]): HttpProblem {
  const code = issues[0]?.code ?? 'invalid_fields'
  const detail = [...new Set(issues.map((issue) => issue.detail))].join('; ')
  return new HttpProblem(code, detail, { errors: issues.map(({ pointer, detail }) => ({ pointer, detail })) })
}
