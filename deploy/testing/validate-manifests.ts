import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Manifest } from './render-chart.ts'

/** Packages of models, made of Kubernetes' OpenAPI document and of the operators' custom resource definitions. */
const operators: Record<string, string> = {
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
}

/** The module that has the model of a kind. */
function moduleOf({ apiVersion }: Manifest): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const operator = operators[group]
  if (operator) return `${operator}/${group}/${version}`
  return ['kubernetes-models', group, version].filter((part) => part !== '').join('/')
}

/** Throws what the schemas of its API say against a manifest: missing fields, types, patterns, ranges. */
export async function validateManifest(manifest: Manifest): Promise<void> {
  const models = await import(moduleOf(manifest))
  const Model = models[manifest.kind]
  if (Model === undefined) throw new Error(`${manifest.apiVersion} has no ${manifest.kind}`)
  await new Model(manifest).validate()
}

/** What the compiler says of the manifests as values of their types, which knows the fields that there are. */
export function typeErrors(manifests: readonly Manifest[]): string {
  // Inside this package, for the compiler to find the types.
  const scratch = mkdtempSync(fileURLToPath(new URL('../node_modules/.manifests-', import.meta.url)))
  try {
    const lines = manifests.map(
      (one, i) => `export const m${i}: import('${moduleOf(one)}').I${one.kind} = ${JSON.stringify(one)}`,
    )
    writeFileSync(`${scratch}/manifests.ts`, lines.join('\n'))
    const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
    const options = '--noEmit --strict --module nodenext --skipLibCheck --allowImportingTsExtensions --ignoreConfig'
    execFileSync(process.execPath, [compiler, ...options.split(' '), `${scratch}/manifests.ts`], { encoding: 'utf8' })
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  } finally {
    rmSync(scratch, { recursive: true })
  }
}
