import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { declaredMetrics } from '../deploy/testing/declared-metrics.ts'
import { createMetrics as createApiMetrics } from '../services/api/src/metrics.ts'
import { createMetrics as createWorkerMetrics } from '../services/worker/src/metrics.ts'

/** Name → labels, as a section of the page tells them. */
async function told(section: string): Promise<Record<string, string[]>> {
  const page = await readFile(new URL('metrics.md', import.meta.url), 'utf8')
  const text = page.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = [...text.matchAll(/^\| `(pentimento_\w+)` \|([^|]*)\|/gm)]
  return Object.fromEntries(rows.map(([, name = '', labels = '']) => [name, labels.match(/\w+/g) ?? []]))
}

describe('docs/metrics.md', () => {
  it.each([
    ['Api', () => createApiMetrics({} as never).registry, 'pentimento_api_'],
    ['Worker', () => createWorkerMetrics().registry, 'pentimento_worker_'],
  ])('tells every name and label of the %s, and no other', async (section, registry, ofProcess) => {
    const declared = declaredMetrics(registry()).filter(({ name }) => !name.startsWith(ofProcess))
    expect(await told(section)).toEqual(Object.fromEntries(declared.map(({ name, labels }) => [name, labels])))
  })
})
