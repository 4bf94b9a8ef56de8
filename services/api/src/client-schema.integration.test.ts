import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { expect, inject, it } from 'vitest'
import { startService } from './testing/service.ts'

it('is what the types of @pentimento/client are made from (npx vitest run --project integration services/api/src/client-schema --update=all writes them anew)', async () => {
  const service = await startService(inject('redisUrl'))
  const document = await (await fetch(`${service.url}/openapi.json`)).text()
  const all = astToString(await openapiTS(document, { transform: anyJson }))
  const types = all.replace(/^export type \S+ = Record<string, never>;\n/gm, '')
  await expect(
    `/** Made from /openapi.json; see services/api/src/client-schema.integration.test.ts. */\n${types}`,
  ).toMatchFileSnapshot('../../../packages/client/src/schema.ts')
  await service.close()
})

/** JSON of any kind is a type that contains itself, which an interface cannot say of its own member. */
function anyJson(_schema: unknown, { path }: { path?: string }) {
  const isAny = /\/schemas\/Json(Input)?$/.test(path ?? '')
  return isAny ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword) : undefined
}
