import type { ModelEntry } from '@pentimento/contracts'
import { versionOf } from '@pentimento/state'
import { controlNames, requestFields } from '@pentimento/vocabulary'

/** Since when there are versions, for clients that want a time. */
const since = '2026-01-01T00:00:00.000Z'

/** A model as Replicate shows it. */
export function modelView(model: ModelEntry, publicUrl: string) {
  return {
    url: `${publicUrl}/replicate/v1/models/pentimento/${model.id}`,
    owner: 'pentimento',
    name: model.id,
    description: model.description,
    visibility: 'public',
    github_url: null,
    paper_url: null,
    license_url: null,
    run_count: 0,
    cover_image_url: null,
    default_example: null,
    latest_version: versionView(model),
  }
}

/** A model's only version. SDKs read of it whether its output is a list that is complete at once. */
export function versionView(model: ModelEntry) {
  const input = { type: 'object', title: 'Input', properties: inputProperties }
  const output = { type: 'array', title: 'Output', items: { type: 'string', format: 'uri' } }
  return {
    id: versionOf(model.id),
    created_at: since,
    cog_version: '0.16.0',
    openapi_schema: {
      openapi: '3.0.2',
      info: { title: 'Cog', version: '0.1.0' },
      paths: {},
      components: { schemas: { Input: input, Output: output } },
    },
  }
}

const uri = (description: string) => ({ type: 'string', format: 'uri', description })

const inputProperties = {
  image: uri('The picture to begin from'),
  mask: uri('White is repainted'),
  ...Object.fromEntries(controlNames.map((name) => [`${name}_image`, uri(`What \`${name}_model\` looks at`)])),
  num_outputs: { type: 'integer', minimum: 1, maximum: 8, default: 1 },
  num_inference_steps: { type: 'integer', minimum: 1, maximum: 150 },
  prompt_strength: { type: 'number', minimum: 0, maximum: 1, default: 0.8 },
  scheduler: { type: 'string' },
  ...Object.fromEntries(
    Object.entries(requestFields).map(([name, field]) => [
      name,
      { type: typeOf(field.type), description: 'text' in field ? field.text : '' },
    ]),
  ),
}

function typeOf(type: string): string {
  return type === 'integer' || type === 'number' ? type : type === 'flag' ? 'boolean' : 'string'
}
