import { type Adapters, whyUnfit } from './adapters.ts'
import type { ModelEntry } from './catalog.ts'
import type { FieldIssue } from './field-issue.ts'
import type { JobFields } from './fields.ts'
import type { Parameters } from './parameters.ts'

interface ResolvedReference {
  values: Pick<Parameters, 'reference_model' | 'reference_scale'>
  issues: FieldIssue[]
}

type Painter = Pick<ModelEntry, 'family' | 'layout'> & { id?: string }

const model = '/reference_model'

/**
 * The IP-Adapter that a reference picture is read by, and all that speaks against it.
 *
 * @param isSent whether there is a picture
 */
export function resolveReference(
  { reference_model: named, reference_scale }: Pick<JobFields, 'reference_model' | 'reference_scale'>,
  isSent: boolean,
  painter: Painter,
  adapters: Adapters,
): ResolvedReference {
  const none: ResolvedReference['values'] = { reference_model: null, reference_scale: null }
  const refuse = (code: FieldIssue['code'], pointer: string, detail: string): ResolvedReference => ({
    values: none,
    issues: [{ code, pointer, detail }],
  })
  if (!isSent) {
    if (named === undefined) return { values: none, issues: [] }
    return refuse('image_required', '/reference_image', 'reference_model needs a picture: send reference_image')
  }
  if (painter.layout === 'onnx') {
    const detail = 'this model is a folder of ONNX graphs, and only models of .safetensors take a reference picture'
    return refuse('not_supported', '/reference_image', detail)
  }
  if (adapters === null)
    return refuse('no_worker', model, 'no worker is there to say which IP-Adapters this model has; try again shortly')
  const known = adapters.filter(({ kind }) => kind === 'ip-adapter')
  const fitting = known.filter((one) => whyUnfit(one, painter) === null).map(({ name }) => name)
  const list = fitting.length === 0 ? whyNone(known, painter) : `known: ${fitting.slice(0, 20).join(', ')}`
  if (named === undefined) {
    const [only, another] = fitting
    if (only !== undefined && another === undefined)
      return { values: { reference_model: only, reference_scale }, issues: [] }
    const code = only === undefined ? 'unknown_reference_model' : 'invalid_fields'
    return refuse(code, model, only === undefined ? list : `say which IP-Adapter reads the picture; ${list}`)
  }
  const adapter = known.find(({ name }) => name === named)
  if (!adapter)
    return refuse('unknown_reference_model', model, `there is no IP-Adapter ${JSON.stringify(named)}; ${list}`)
  const reason = whyUnfit(adapter, painter)
  if (reason !== null) return refuse('not_supported', model, reason)
  return { values: { reference_model: named, reference_scale }, issues: [] }
}

function whyNone(known: NonNullable<Adapters>, painter: Painter): string {
  const [first] = known
  return `this model has no IP-Adapter${first ? ` (${whyUnfit(first, painter)})` : ''}`
}
