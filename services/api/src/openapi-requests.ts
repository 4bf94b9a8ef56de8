import { webhookEventNames } from '@pentimento/contracts'
import type { OpenapiDocument } from './openapi-answers.ts'

/** A picture of 64 × 64 pixels, all of one colour, and a mask for its left half. */
const picture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsEtnCBMbywi+hcEKLNP1WgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgsgyIFLeJYdWgAAAABJRU5ErkJggg=='
const mask =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAFElEQVR42mP4DwQMIDDKGGWQzgAA8SD/AcSiPtIAAAAASUVORK5CYII='
const painting = { prompt: 'a photo of a strawberry', width: 64, height: 64, steps: 8, seed: 7 }

/** By operation, a body that runs as it stands. */
const examples: Readonly<Record<string, object>> = {
  txt2img: painting,
  img2img: { ...painting, image: picture, strength: 0.6, metadata: { order: 1001 } },
  inpaint: { ...painting, image: picture, mask, mask_blur: 2, masked_content: 'noise' },
  sendTestEvent: { url: 'https://example.com/webhooks' },
  createKey: { tenant: 'acme', scopes: ['submit', 'read'], limits: { weight: 2, max_queued: 200 } },
}

/** The same as a form: a file stands as curl writes it, by a path of this repository. */
const files = { image: '@assets/samples/apple-photo.png', mask: '@assets/samples/apple-mask.png' }

function asForm(example: object): object {
  const fields = Object.entries(example).filter(([, value]) => typeof value !== 'object')
  return Object.fromEntries(fields.map(([name, value]) => [name, name in files ? files[name as 'image'] : value]))
}

/** A file where there are no files. */
const fileAsText = { type: 'string', description: 'As a `data:` URL or base64.' }

/**
 * Adds to the document what the schemas of routes cannot say: where a key can be done without, how a file is sent as
 * text, a body that runs as it stands, and what webhooks send.
 */
export function describeRequests(document: OpenapiDocument): void {
  for (const operation of Object.values(document.paths ?? {}).flatMap((path) => Object.values(path))) {
    // A signature stands in the place of a key.
    const isSigned = operation.parameters?.some(({ in: where, name }) => where === 'query' && name === 'token')
    if (document.security && isSigned) operation.security = [...document.security, {}]
    const example = examples[operation.operationId ?? '']
    const content = operation.requestBody?.content ?? {}
    for (const [type, { schema }] of Object.entries(content)) {
      // The types of a route share one description.
      content[type] = {
        schema: type === 'multipart/form-data' ? schema : withoutFiles(schema),
        ...(example && { example: type === 'multipart/form-data' ? asForm(example) : example }),
      }
    }
  }
  document.webhooks = { jobEvent: { post: jobEvent } }
  document.components = { ...document.components, schemas: { ...document.components?.schemas, WebhookEvent } }
}

function withoutFiles(schema: { properties?: Record<string, object> }) {
  if (!schema.properties) return schema
  const properties = Object.entries(schema.properties).map(([name, property]) => {
    const isFile = 'format' in property && property.format === 'binary'
    return [name, isFile ? fileAsText : property]
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}

const WebhookEvent = {
  type: 'object',
  required: ['type', 'timestamp', 'data'],
  properties: {
    type: { type: 'string', enum: [...webhookEventNames] },
    timestamp: { type: 'string', format: 'date-time' },
    data: { $ref: '#/components/schemas/Job' },
  },
}

const jobEvent = {
  operationId: 'jobEvent',
  // Of its own: generators write a file for each tag of the routes, and one for each of these.
  tags: ['Events'],
  summary: 'What is sent to `webhook_url`, signed as Standard Webhooks has it',
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/WebhookEvent' } } },
  },
  responses: { '2XX': { description: 'Taken; anything else, or nothing within 15 seconds, is tried again.' } },
}
