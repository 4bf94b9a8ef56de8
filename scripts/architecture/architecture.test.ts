import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Allowed, allowed, allowedInTests, isTest } from './allowed.ts'
import { readSources, type Source } from './imports.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const rooms = Object.keys(allowed)
const sources = await readSources(root, rooms)
const byPath = new Map(sources.map((source) => [source.path, source]))

const roomOf = (path: string) => path.split('/').slice(0, 2).join('/')
const nameOf = (from: string) =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')
const resolve = (importer: string, from: string) => join(dirname(importer), from)

interface Need {
  kind: keyof Allowed | 'outside'
  what: string
}

/** What an import asks for, or null when it stays in its room. */
function needOf(importer: string, from: string): Need | null {
  if (from.startsWith('node:')) return { kind: 'node', what: from.slice(5) }
  if (from.startsWith('@pentimento/')) return { kind: 'rooms', what: nameOf(from).slice(12) }
  if (!from.startsWith('.')) return { kind: 'packages', what: nameOf(from) }
  const target = resolve(importer, from)
  return roomOf(target) === roomOf(importer) ? null : { kind: 'outside', what: target }
}

function needsOf(source: Source): Need[] {
  return source.imports.flatMap(({ from }) => needOf(source.path, from) ?? [])
}

function mayImport(path: string, { kind, what }: Need): boolean {
  if (kind === 'outside') return false
  const own = allowed[roomOf(path)]?.[kind]?.includes(what) ?? false
  return own || (isTest(path) && (kind === 'node' || (allowedInTests[roomOf(path)]?.[kind]?.includes(what) ?? false)))
}

describe('imports', () => {
  it('are allowed, each of them', () => {
    const forbidden = sources.flatMap((source) =>
      needsOf(source)
        .filter((need) => !mayImport(source.path, need))
        .map(({ kind, what }) => `${source.path} imports ${kind} ${what}`),
    )
    expect(forbidden).toEqual([])
  })

  it('need everything that is allowed', () => {
    const needed = new Set(
      sources
        .filter(({ path }) => !isTest(path))
        .flatMap((source) => needsOf(source).map(({ kind, what }) => `${roomOf(source.path)} ${kind} ${what}`)),
    )
    const unneeded = Object.entries(allowed).flatMap(([room, lists]) =>
      Object.entries(lists).flatMap(([kind, list]) => list.map((what: string) => `${room} ${kind} ${what}`)),
    )
    expect(unneeded.filter((one) => !needed.has(one))).toEqual([])
  })

  it('of the product lead to no test', () => {
    const found = sources
      .filter(({ path }) => !isTest(path))
      .flatMap(({ path, imports }) => imports.map(({ from }) => [path, resolve(path, from)] as const))
      .filter(([, target]) => byPath.has(target) && isTest(target))
    expect(found).toEqual([])
  })

  it('are declared, and what is declared is imported', () => {
    const problems = rooms.flatMap((room) => {
      const json = JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8'))
      const shared = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies
      const dependencies = Object.keys(json.dependencies ?? {})
      const all = [...dependencies, ...Object.keys(json.devDependencies ?? {}), ...Object.keys(shared)]
      const ofRoom = sources.filter(({ path }) => roomOf(path) === room)
      const wanted = (those: Source[]) =>
        new Set(
          those
            .flatMap(needsOf)
            .flatMap(({ kind, what }) =>
              kind === 'rooms' ? [`@pentimento/${what}`] : kind === 'packages' ? [what] : [],
            ),
        )
      const product = wanted(ofRoom.filter(({ path }) => !isTest(path)))
      return [
        ...[...product].filter((name) => !dependencies.includes(name)).map((name) => `${room} lacks ${name}`),
        ...[...wanted(ofRoom)]
          .filter((name) => !all.includes(name))
          .map((name) => `${room} lacks ${name} for its tests`),
        ...dependencies
          .filter((name) => !wanted(ofRoom).has(name) && !isNamed(ofRoom, name))
          .map((name) => `${room} does not need ${name}`),
      ]
    })
    expect(problems).toEqual([])
  })

  it('make no circle', () => {
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, way: string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '))
      if (done.has(path) || way.includes(path)) return
      for (const { from } of byPath.get(path)?.imports ?? []) {
        const target = resolve(path, from)
        if (from.startsWith('.') && byPath.has(target)) visit(target, [...way, path])
      }
      done.add(path)
    }
    for (const { path } of sources) visit(path, [])
    expect(circles).toEqual([])
  })

  it('go one way between the folders of a room', () => {
    const folderOf = (path: string) => dirname(path)
    const ways = new Set(
      sources
        .filter(({ path }) => !isTest(path))
        .flatMap(({ path, imports }) =>
          imports
            .filter(({ from }) => from.startsWith('.') && byPath.has(resolve(path, from)))
            .map(({ from }) => [folderOf(path), folderOf(resolve(path, from))] as const),
        )
        .filter(([from, to]) => from !== to && !isRoot(from) && !isRoot(to))
        .map(([from, to]) => `${from} → ${to}`),
    )
    const mutual = [...ways].filter((way) => ways.has(way.split(' → ').reverse().join(' → ')))
    expect(mutual).toEqual([])
  })

  it('lead somewhere', () => {
    const lost = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => from.startsWith('.') && !existsSync(join(root, resolve(path, from))))
        .map(({ from }) => `${path}: ${from}`),
    )
    expect(lost).toEqual([])
  })
})

/** What lies beside a room's folders joins them, or is what they all stand on. */
function isRoot(folder: string): boolean {
  return /\/src(\/page)?$/.test(folder)
}

/** Whether a package is used by its name alone, as a file of it that is read or a program that is run. */
function isNamed(those: Source[], name: string): boolean {
  return those.some(({ text }) => text.includes(`'${name}`))
}
