import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = new URL('..', import.meta.url)
const page = await readFile(fileURLToPath(new URL('docs/security.md', root)), 'utf8')
const table = page.split('| promise | shown by |\n|---|---|\n')[1]?.split('\n\n')[0] ?? ''
const promises = table.split('\n').map((row) => row.split(' | '))

describe('docs/security.md', () => {
  it('makes promises', () => {
    expect(promises.length).toBeGreaterThan(20)
  })

  it.each(promises)('%s: names tests that are there', async (_, shown = '') => {
    const files = [...shown.matchAll(/`([^`]+\.ts)`: ((?:“[^”]+”(?:, )?)+)/g)]
    expect(files.length).toBeGreaterThan(0)
    for (const [, path = '', titles = ''] of files) {
      const source = (await readFile(new URL(path, root), 'utf8')).replace(/\(\s+/g, '(')
      for (const [, title = ''] of titles.matchAll(/“([^”]+)”/g)) {
        expect(source.includes(`('${title}',`) || source.includes(`("${title}",`), `${path}: ${title}`).toBe(true)
      }
    }
  })
})
