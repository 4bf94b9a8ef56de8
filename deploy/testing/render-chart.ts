import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'

// biome-ignore lint/suspicious/noExplicitAny: any manifest; validate-manifests.ts checks it.
export type Manifest = any

const chart = fileURLToPath(new URL('../helm/pentimento', import.meta.url))
const values = fileURLToPath(new URL('../helm/values/', import.meta.url))

/** The examples of values, by their names. */
export const valueSets = readdirSync(values).map((file) => file.replace(/\.yaml$/, ''))

/**
 * What `helm template` makes of the chart with an example and further settings, as a release `pentimento` in a
 * namespace of that name.
 *
 * @throws what helm says against it
 */
export function renderChart(helm: string, set: string, settings: readonly string[] = []): Manifest[] {
  const sets = settings.flatMap((setting) => ['--set-json', setting])
  const args = [
    'template',
    'pentimento',
    chart,
    '--namespace',
    'pentimento',
    '--values',
    `${values}${set}.yaml`,
    ...sets,
  ]
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const documents = parseAllDocuments(stdout, { uniqueKeys: true })
  const errors = documents.flatMap((document) => document.errors)
  if (errors.length > 0) throw new Error(errors.join('\n'))
  return documents.map((document) => document.toJS()).filter((manifest) => manifest !== null)
}
