/** An OpenAPI document, as far as it is changed here. */
export interface OpenapiDocument {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, unknown> }
  webhooks?: Record<string, { post: Operation }>
  /** With keys. */
  security?: Record<string, string[]>[]
}

interface Operation {
  operationId?: string
  summary?: string
  tags?: string[]
  parameters?: { in: string; name: string }[]
  security?: Record<string, string[]>[]
  requestBody?: { required?: boolean; content: Record<string, MediaType> }
  responses?: Record<string, Response>
}

interface MediaType {
  schema: { properties?: Record<string, object>; $ref?: string }
  example?: unknown
}

interface Response {
  description?: string
  headers?: Record<string, { description: string; schema: { type: string } }>
  content?: unknown
}

const text = (description: string) => ({ description, schema: { type: 'string' } })

const requestId = {
  'X-Request-Id': text("The request's own, where it is at most 36 letters, digits and hyphens, else a new one."),
}
const retryAfter = { 'Retry-After': text('Seconds, where a repeat can help.') }
const accepted = {
  Location: text('The job.'),
  'Idempotent-Replayed': text('`true`: an earlier request with this Idempotency-Key was accepted.'),
  'Preference-Applied': text('The wait of `Prefer` that was followed.'),
}
const picture = {
  ETag: text('Of the whole file; goes into If-None-Match and If-Range.'),
  'Content-Disposition': text('A file name.'),
}

/** Answers to repeat, if they say when. */
const repeatable = ['408', '409', '422', '429', '500', '503']
const bodiless = ['204', '304', '302']
const submits = ['/v1/txt2img', '/v1/img2img', '/v1/inpaint']
const images = '/v1/jobs/{id}/images/{n}'

/**
 * Adds to the document what the schemas of routes cannot say: the headers of answers, which have no body; and leaves
 * out components that nothing refers to.
 */
export function describeAnswers(document: OpenapiDocument): void {
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      // A route has one name for all its methods, and they share one description.
      if (method === 'head') operations.head = { ...operation, operationId: `${operation.operationId}Head` }
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        const good = status.startsWith('2')
        response.headers = {
          ...requestId,
          ...(repeatable.includes(status) && retryAfter),
          ...(good && submits.includes(path) && accepted),
          ...(path === images && (good || status === '304') && picture),
          ...(status === '206' && { 'Content-Range': text('Which bytes these are, and of how many.') }),
          ...(status === '302' && { Location: text('A signed URL, good for five minutes.') }),
        }
        if (bodiless.includes(status)) delete response.content
      }
    }
  dropUnused(document)
}

/** Schemas to which nothing leads from a path or a webhook. */
function dropUnused({ paths, components, webhooks }: OpenapiDocument): void {
  const schemas = components?.schemas ?? {}
  const used = new Set<string>()
  const use = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      use(schemas[name])
    }
  }
  use([paths, webhooks])
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name]
}
