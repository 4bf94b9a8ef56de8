import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { LockedPackage } from './lockfile.ts'

/** Licences that ask for no more than that their text is kept. */
const permissive = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]

/** What asks for more, and why it may be there; without `shipped` beside our own tests and builds alone. */
export const exceptions: readonly { name: RegExp; licence: string; shipped?: true; why: string }[] = [
  {
    name: /^@img\/sharp-(libvips|win32|wasm32|webcontainers|freebsd)/,
    licence: 'LGPL-3.0-or-later',
    shipped: true,
    why: 'libvips and what it stands on, as a shared library of its own beside sharp: it is loaded, not linked in, and another build of it can take its place. Its source and build are those of the package’s project.',
  },
  { name: /^lightningcss/, licence: 'MPL-2.0', why: 'part of the test runner, unchanged' },
  { name: /^axe-core$/, licence: 'MPL-2.0', why: 'tests of the page alone, unchanged' },
]

/** Families of which only the member for this machine is installed: the licence that each of them states. */
const families: readonly { name: RegExp; licence: string }[] = [
  { name: /^@img\/sharp-libvips-/, licence: 'LGPL-3.0-or-later' },
  { name: /^@img\/sharp-(win32|freebsd)-/, licence: 'Apache-2.0 AND LGPL-3.0-or-later' },
  { name: /^@img\/sharp-(wasm32|webcontainers-wasm32)$/, licence: 'Apache-2.0 AND LGPL-3.0-or-later AND MIT' },
  { name: /^@img\/sharp-(linux|darwin)/, licence: 'Apache-2.0' },
  { name: /^@typescript\/typescript-/, licence: 'Apache-2.0' },
  { name: /^@biomejs\/cli-/, licence: 'MIT OR Apache-2.0' },
  { name: /^lightningcss-/, licence: 'MPL-2.0' },
  { name: /^node-linux-/, licence: 'MIT' },
  {
    name: /^(@esbuild\/|@msgpackr-extract\/|@oxc-parser\/binding-|@rolldown\/binding-|@emnapi\/|@tybys\/|@napi-rs\/|fsevents$)/,
    licence: 'MIT',
  },
]

export interface Licensed extends LockedPackage {
  /** SPDX expression; undefined where neither the package nor a family says it. */
  licence?: string
}

interface Manifest {
  name?: string
  version?: string
  license?: string | { type?: string }
  licenses?: { type?: string }[]
}

/** The packages with the licences that their own manifests state, as they are installed. */
export function licensed(packages: readonly LockedPackage[], root: URL): Licensed[] {
  const installed = installedLicences(root)
  return packages.map((one) => {
    const licence = installed.get(`${one.name}@${one.version}`) ?? ofFamily(one.name)
    return licence === undefined ? one : { ...one, licence }
  })
}

export function ofFamily(name: string): string | undefined {
  return families.find((family) => family.name.test(name))?.licence
}

function installedLicences(root: URL): Map<string, string> {
  const store = fileURLToPath(new URL('node_modules/.pnpm/', root))
  const manifests = globSync(['*/node_modules/*/package.json', '*/node_modules/@*/*/package.json'], { cwd: store })
  const found = new Map<string, string>()
  for (const file of manifests) {
    const path = `${store}${file}`
    if (!existsSync(path)) continue
    const { name, version, license, licenses }: Manifest = JSON.parse(readFileSync(path, 'utf8'))
    const stated =
      typeof license === 'string' ? license : (license?.type ?? licenses?.map(({ type }) => type).join(' OR '))
    if (name && version && stated) found.set(`${name}@${version}`, stated)
  }
  return found
}

/** Whether an SPDX expression leaves us a permissive choice: one of an OR, all of an AND. */
export function isPermissive(expression: string): boolean {
  const text = expression.replace(/^\((.*)\)$/, '$1')
  if (/\bAND\b/.test(text)) return text.split(/\s+AND\s+/).every(isPermissive)
  if (/\bOR\b/.test(text)) return text.split(/\s+OR\s+/).some(isPermissive)
  return permissive.includes(text.trim())
}
