import swagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { App, Deps } from './deps.ts'
import type { ErrorStyle } from './http/error-style.ts'
import { inSlices } from './http/in-slices.ts'
import { describeAnswers, type OpenapiDocument } from './openapi-answers.ts'
import { describeRequests } from './openapi-requests.ts'

interface OverrideContext {
  zodSchema: { _zod: { def: { type: string; defaultValue?: unknown } } }
  jsonSchema: Record<string, unknown>
}

const zodToJsonConfig = {
  unrepresentable: 'any' as const,
  override({ zodSchema, jsonSchema }: OverrideContext) {
    if (jsonSchema.file === true) {
      delete jsonSchema.file
      Object.assign(jsonSchema, { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' })
    }
    // Any object: what JSON is needs no description.
    if (jsonSchema.plain === true) {
      for (const name of Object.keys(jsonSchema)) delete jsonSchema[name]
      Object.assign(jsonSchema, { type: 'object', additionalProperties: true })
    }
    // Zod's own bounds of a whole number; generators make of them what is beyond their integers.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
    // A form field is text to the parser, so zod does not take its default for one of the input.
    const { def } = zodSchema._zod
    // A member that is always null; there are generators that know no type of that name alone.
    if (def.type === 'null') jsonSchema.type = ['string', 'null']
    if (def.type === 'default') jsonSchema.default = def.defaultValue
  },
}

const complete = createJsonSchemaTransformObject({ zodToJsonConfig })

/** Everything is served from here: the reference asks no other host for anything. */
const docsPolicy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** An API of others that is spoken here too. */
export interface Dialect {
  name: string
  title: string
  errors: ErrorStyle
}

/** In a reader's order. */
const tags = [
  { name: 'Jobs', description: 'Submit, follow, fetch, cancel and erase.' },
  { name: 'Webhooks', description: 'The secret that events are signed with, and what became of them.' },
  { name: 'Service', description: 'What can be asked for, and what you use of it.' },
  { name: 'Admin', description: 'Keys of all tenants.' },
  { name: 'Probes', description: 'For balancers and orchestrators.' },
]

/**
 * `/openapi.json`, made from the schemas that requests are checked by, one document apart for each dialect, and a
 * reference of them at `/docs`. To be registered before the routes.
 */
export async function registerOpenapi(
  app: App,
  deps: Pick<Deps, 'auth' | 'publicUrl'>,
  dialects: readonly Dialect[],
): Promise<void> {
  const isNative = (url: string) => !dialects.some(({ errors }) => errors.owns(url))
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Pentimento',
        description:
          'txt2img, img2img and inpainting as a service. Every error is a problem document (RFC 9457) with a stable code.',
        version: '1',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: deps.publicUrl }],
      tags: [...tags],
      ...(deps.auth === 'keys' && {
        components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', bearerFormat: 'pmt_…' } } },
        security: [{ key: [] }],
      }),
    },
    transform: onlyThose(isNative),
    transformObject: (input) => {
      const document = complete(input)
      describeRequests(document as OpenapiDocument)
      describeAnswers(document as OpenapiDocument)
      return document
    },
  })
  serveDocument(app, '/openapi.json', () => app.swagger())
  for (const { name, title, errors } of dialects) await registerDialectDocument(app, deps, { name, title, errors })
  await app.register(async (docs) => {
    const bytes = new Map<string, Buffer>()
    docs.addHook('onSend', async (request, reply, payload) => {
      reply.header('content-security-policy', docsPolicy)
      // From /docs to /docs/, below whatever path a proxy has put before them.
      if (reply.hasHeader('location')) reply.header('location', 'docs/')
      const { url } = request.routeOptions
      if (typeof payload !== 'string' || url === undefined) return payload
      const same = bytes.get(url) ?? Buffer.from(payload)
      bytes.set(url, same)
      if (request.method === 'HEAD') return same
      reply.header('content-length', same.length)
      return inSlices(same)
    })
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        sources: [
          { title: 'Pentimento', url: '../openapi.json', default: true },
          ...dialects.map(({ name, title }) => ({ title, url: `../openapi/${name}.json` })),
        ],
        favicon: '../assets/icon.svg',
        withDefaultFonts: false,
        telemetry: false,
        showDeveloperTools: 'never',
        pageTitle: 'Pentimento API',
      },
    })
  })
}

async function registerDialectDocument(
  app: App,
  { auth, publicUrl }: Pick<Deps, 'auth' | 'publicUrl'>,
  { name, title, errors }: Dialect,
): Promise<void> {
  const decorator = `openapi_${name}` as 'swagger'
  await app.register(swagger, {
    decorator,
    openapi: {
      openapi: '3.1.0',
      info: {
        title,
        description: `What clients of ${title} use of it. Unknown fields mean nothing here.`,
        version: '1',
      },
      servers: [{ url: publicUrl }],
      ...(auth === 'keys' && {
        components: { securitySchemes: { key: { type: 'http', scheme: name === 'a1111' ? 'basic' : 'bearer' } } },
        security: [{ key: [] }],
      }),
    },
    transform: onlyThose((url) => errors.owns(url)),
  })
  serveDocument(app, `/openapi/${name}.json`, () => app[decorator]())
}

const transform = createJsonSchemaTransform({ zodToJsonConfig })

/** Shows routes by their paths. */
function onlyThose(isShown: (url: string) => boolean): typeof transform {
  return (route) => transform(isShown(route.url) ? route : { ...route, schema: { ...route.schema, hide: true } })
}

/** Written once, before the first request: every answer is the same bytes, however many are on their way. */
function serveDocument(app: App, url: string, write: () => object): void {
  let written = Buffer.alloc(0)
  app.addHook('onReady', async () => {
    written = Buffer.from(JSON.stringify(write()))
  })
  app.get(url, { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(written),
  )
}
