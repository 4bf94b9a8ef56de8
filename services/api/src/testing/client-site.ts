import { readdir, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type OtherSite, startOtherSite } from './browser.ts'

const client = fileURLToPath(new URL('../../../../packages/client/', import.meta.url))
const imports = { '@pentimento/client': '/client/index.ts', 'openapi-fetch': '/openapi-fetch.mjs' }

/** A site whose page can import `@pentimento/client`: its sources without their types, since browsers take modules by any name. */
export async function startClientSite(): Promise<OtherSite> {
  const names = (await readdir(`${client}src`)).filter((name) => !name.includes('.test.'))
  const sources = names.map(async (name) => {
    return [`/client/${name}`, stripTypeScriptTypes(await readFile(`${client}src/${name}`, 'utf8'))] as const
  })
  const modules = Object.fromEntries(await Promise.all(sources))
  modules[imports['openapi-fetch']] = await readFile(`${client}node_modules/openapi-fetch/dist/index.mjs`, 'utf8')
  return startOtherSite(`<script type="importmap">${JSON.stringify({ imports })}</script>`, modules)
}
