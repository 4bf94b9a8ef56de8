import { access, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = new URL('..', import.meta.url)

it('names only tests that are there', async () => {
  const page = await readFile(fileURLToPath(new URL('docs/security.md', root)), 'utf8')
  const named = [...page.matchAll(/`((?:packages|services|deploy)\/[^`]+\.ts)`/g)].map((match) => match[1] ?? '')
  expect(named.length).toBeGreaterThan(15)
  for (const path of named) await expect(access(new URL(path, root)), path).resolves.toBeUndefined()
})
