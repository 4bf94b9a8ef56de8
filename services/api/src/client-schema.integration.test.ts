import openapiTS, { astToString } from 'openapi-typescript'
import { expect, inject, it } from 'vitest'
import { startService } from './testing/service.ts'

it('is what the types of @pentimento/client are made from (npx vitest run --project integration services/api/src/client-schema --update=all writes them anew)', async () => {
  const service = await startService(inject('redisUrl'))
  const document = await (await fetch(`${service.url}/openapi.json`)).text()
  const all = astToString(await openapiTS(document))
  const types = all.replace(/^export type \S+ = Record<string, never>;\n/gm, '')
  await expect(
    `/** Made from /openapi.json; see services/api/src/client-schema.integration.test.ts. */\n${types}`,
  ).toMatchFileSnapshot('../../../packages/client/src/schema.ts')
  await service.close()
})
