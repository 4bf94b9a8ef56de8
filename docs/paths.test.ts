import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = globSync(['README.md', 'docs/**/*.md', 'bench/**/*.md', 'packages/*/README.md'], { cwd: root }).filter(
  (page) => !page.includes('node_modules'),
)
const place = /^(?!.*NAME)(packages|services|bench|scripts|tools|docs|deploy|docker|models|assets)\/[\w./-]+$/

it.each(pages)('%s names no file that is not there', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const inCode = Array.from(text.matchAll(/`([^`\n]+)`/g), ([, code = '']) => code).filter((code) => place.test(code))
  const links = Array.from(text.matchAll(/\]\(([^)#:\s]+)(#[^)]*)?\)/g), ([, to = '']) => join(dirname(page), to))
  const lost = [...inCode, ...links].filter((path) => !existsSync(join(root, path)))
  expect(lost).toEqual([])
})
