import swagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { App, Deps } from './deps.ts'
import { inSlices } from './http/in-slices.ts'
import { describeAnswers, type OpenapiDocument } from './openapi-answers.ts'

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
    // A form field is text to the parser, so zod does not take its default for one of the input.
    const { def } = zodSchema._zod
    if (def.type === 'default') jsonSchema.default = def.defaultValue
  },
}

const complete = createJsonSchemaTransformObject({ zodToJsonConfig })

/** Everything is served from here: the reference asks no other host for anything. */
const docsPolicy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** `/openapi.json`, made from the schemas that requests are checked by, and a reference of it at `/docs`. To be registered before the routes. */
export async function registerOpenapi(app: App, deps: Pick<Deps, 'auth' | 'publicUrl'>): Promise<void> {
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
      ...(deps.auth === 'keys' && {
        components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', bearerFormat: 'pmt_…' } } },
        security: [{ key: [] }],
      }),
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: (input) => {
      const document = complete(input)
      describeAnswers(document as OpenapiDocument)
      return document
    },
  })
  // Written once, before the first request: every answer is the same bytes, however many are on their way.
  let written = Buffer.alloc(0)
  app.addHook('onReady', async () => {
    written = Buffer.from(JSON.stringify(app.swagger()))
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(written),
  )
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
        url: '../openapi.json',
        favicon: '../assets/icon.svg',
        withDefaultFonts: false,
        telemetry: false,
        pageTitle: 'Pentimento API',
      },
    })
  })
}
