import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { allowed, isTest } from './allowed.ts'
import { readSources, type Source } from './imports.ts'

/** What imports the product from outside its rooms. */
const beside = ['bench', 'deploy', 'docs', 'scripts', 'test', 'tools']

/** What users of a published package import. */
const published = ['packages/client/src/index.ts']

const root = fileURLToPath(new URL('../..', import.meta.url))
const rooms = Object.keys(allowed)
const sources = await readSources(root, [...rooms, ...beside])
const byPath = new Map(sources.map((source) => [source.path, source]))
const entries = new Map(rooms.flatMap(entriesOf))

/** The files behind the names under which other rooms import a room. */
function entriesOf(room: string): [name: string, path: string][] {
  const { name, exports } = JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8'))
  return Object.entries<{ source: string }>(exports ?? {}).map(([key, { source }]) => [
    join(name, key),
    join(room, source),
  ])
}

/** The file that an import means; undefined for what is not ours. */
function fileOf(importer: string, from: string): string | undefined {
  return from.startsWith('.') ? join(dirname(importer), from) : entries.get(from)
}

const key = (path: string, name: string) => `${path} ${name}`

/** Marks what a file gives under a name as used, and where it only hands it on, what it stands for. */
function use(used: Set<string>, path: string | undefined, name: string): void {
  const source = path === undefined ? undefined : byPath.get(path)
  if (!source || used.has(key(source.path, name))) return
  used.add(key(source.path, name))
  for (const given of source.exports) {
    if (given.from === undefined || (given.name !== '*' && name !== '*' && given.name !== name)) continue
    use(used, fileOf(source.path, given.from), given.name === '*' ? name : (given.original ?? name))
  }
}

/** What those files import, as `path name`; `path *` where all of a file is. */
function usedBy(importers: Source[]): Set<string> {
  const used = new Set<string>()
  for (const path of published) use(used, path, '*')
  for (const { path, imports } of importers) {
    for (const { from, names } of imports) for (const name of names) use(used, fileOf(path, from), name)
  }
  return used
}

/** Of the product, as `path: name`, but for what `used` holds. */
function exportsBeside(used: Set<string>): { source: Source; name: string; from: string | undefined }[] {
  return sources
    .filter(({ path }) => rooms.some((room) => path.startsWith(`${room}/`)) && !isTest(path))
    .flatMap((source) => source.exports.map(({ name, from }) => ({ source, name, from })))
    .filter(({ source: { path }, name }) => name !== '*' && !used.has(key(path, name)) && !used.has(key(path, '*')))
}

const shown = ({ source, name }: { source: Source; name: string }) => `${source.path}: ${name}`

it('every export of the product is imported', () => {
  expect(exportsBeside(usedBy(sources)).map(shown)).toEqual([])
})

it('what only tests import is used in its own file', () => {
  const ofProduct = usedBy(sources.filter(({ path }) => !isTest(path)))
  // An index is there for the tests of others too.
  for (const path of entries.values()) use(ofProduct, path, '*')
  const alone = exportsBeside(ofProduct).filter(
    ({ source, name, from }) => from === undefined && source.text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length === 1,
  )
  expect(alone.map(shown)).toEqual([])
})

it('the files behind the rooms are there', () => {
  expect([...entries.values()].filter((path) => !existsSync(join(root, path)))).toEqual([])
})
