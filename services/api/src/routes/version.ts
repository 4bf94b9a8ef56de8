import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { App } from '../deps.ts'
import { refusals } from '../http/schemas.ts'

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')))

export function registerVersion(app: App): void {
  app.route({
    method: 'GET',
    url: '/v1/version',
    config: { scope: 'read' },
    schema: {
      tags: ['Service'],
      operationId: 'getVersion',
      summary: 'Which version of the service answers',
      response: { 200: z.object({ version: z.string().describe('as the CHANGELOG counts') }), ...refusals() },
    },
    handler: async () => ({ version }),
  })
}
