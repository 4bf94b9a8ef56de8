import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loraCases, writeLora } from '../testing/loras.ts'
import { relativeDifference } from '../testing/networks.ts'
import { paintWith } from '../testing/run-loras.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-loras-'))
afterAll(() => rmSync(dir, { recursive: true }))

// Each family by itself is measured where docs/parity.md is (packages/pipeline/src/parity).
it('adds several, and what cancels out leaves the model as it is', async () => {
  const { locon, loha } = loraCases
  if (!locon || !loha) throw new Error('no such case')
  const [one, other] = [join(dir, 'one.safetensors'), join(dir, 'other.safetensors')]
  await writeLora(one, locon)
  await writeLora(other, loha, 'F16')
  const paint = async (...strengths: [string, number][]) =>
    (await paintWith(
      dir,
      'no-middle',
      strengths.map(([file, strength]) => ({ file, strength })),
    )) ?? new Float32Array()
  const plain = await paint()
  const both = await paint([one, 0.5], [other, 0.5], [one, -0.5], [other, -0.5])
  expect(relativeDifference(both, plain)).toBeLessThan(1e-5)
  expect(relativeDifference(await paint([one, 0.5]), plain)).toBeGreaterThan(0.05)
})
