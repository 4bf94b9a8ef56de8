import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = new URL('..', import.meta.url)
const read = (path: string) => readFile(fileURLToPath(new URL(path, root)), 'utf8')
const section = (await read('docs/security.md')).split('\n## Promises\n')[1]?.split('\n## ')[0] ?? ''
const promises = section.split('\n').flatMap((line) => (line.startsWith('- ') ? [line.slice(2)] : []))

/** Of each promise the tests that show it, by their file and title; `%s` and `%j` stand for each of several cases. */
const shown: Record<string, Record<string, string[]>> = JSON.parse(await read('docs/security-tests.json'))

describe('docs/security.md', () => {
  it('makes promises, each of which has its tests', () => {
    expect(promises.length).toBeGreaterThan(20)
    expect(promises).toEqual(Object.keys(shown))
  })

  it.each(Object.entries(shown))('%s: names tests that are there', async (_, files) => {
    expect(Object.values(files).flat().length).toBeGreaterThan(0)
    for (const [path, titles] of Object.entries(files)) {
      const source = (await read(path)).replace(/\(\s+/g, '(')
      expect(titles.length).toBeGreaterThan(0)
      for (const title of titles) {
        expect(source.includes(`('${title}',`) || source.includes(`("${title}",`), `${path}: ${title}`).toBe(true)
      }
    }
  })
})
