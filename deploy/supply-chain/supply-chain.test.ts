import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { exceptions, isPermissive, licensed, ofFamily } from './licences.ts'
import { lockedPackages } from './lockfile.ts'
import { licencesPage } from './page.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const packages = licensed(lockedPackages(root), root)

describe('the lockfile', () => {
  it('names archives of the registry alone, each by its hash', () => {
    expect(packages.length).toBeGreaterThan(300)
    for (const { name, integrity, from } of packages) {
      expect(integrity, name).toMatch(/^sha512-[\w+/]{86}==$/)
      expect(from, name).toBeUndefined()
    }
  })

  it('comes of manifests that name exact versions', () => {
    const manifests = globSync(['package.json', '{packages,services}/*/package.json', '{bench,deploy}/package.json'], {
      cwd: fileURLToPath(root),
    })
    expect(manifests.length).toBeGreaterThan(15)
    for (const file of manifests) {
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(file))
      const wanted: [string, string][] = Object.entries({
        ...dependencies,
        ...devDependencies,
        ...optionalDependencies,
      })
      for (const [name, version] of wanted)
        expect(version, `${name} in ${file}`).toMatch(/^(\d+\.\d+\.\d+|workspace:\*)$/)
    }
  })

  it('lets no package run a script when it is installed', () => {
    const { allowBuilds } = parse(read('pnpm-workspace.yaml'))
    expect(Object.values(allowBuilds)).toEqual(Object.keys(allowBuilds).map(() => false))
  })
})

describe('licences', () => {
  it('are known of every package', () => {
    expect(packages.filter(({ licence }) => licence === undefined).map(({ name }) => name)).toEqual([])
  })

  it('leave us free, but for what is listed with its reason', () => {
    const asking = packages.filter(({ licence = '' }) => !isPermissive(licence))
    for (const { name, licence, shipped } of asking) {
      const exception = exceptions.find((one) => one.name.test(name))
      expect(exception, `${name} is under ${licence}`).toBeDefined()
      expect(licence).toContain(exception?.licence)
      if (shipped) expect(exception?.shipped, `${name} is in an image`).toBe(true)
    }
    for (const { name } of exceptions)
      expect(
        asking.some((one) => name.test(one.name)),
        name.source,
      ).toBe(true)
  })

  it('of a family are those that its installed members state', () => {
    const members = packages.filter(({ name }) => ofFamily(name) !== undefined)
    for (const { name, licence } of members) expect(licence, name).toBe(ofFamily(name))
  })

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['Apache-2.0 AND LGPL-3.0-or-later', false],
    ['GPL-2.0-only', false],
    ['SEE LICENSE IN LICENSE', false],
    ['', false],
  ])('under %j leave us free: %s', (expression, free) => {
    expect(isPermissive(expression)).toBe(free)
  })

  it('stand in docs/licences.md as they are', () => {
    expect(licencesPage(packages)).toBe(read('docs/licences.md'))
  })
})
