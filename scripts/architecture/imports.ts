import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'

/** What a file takes from elsewhere. */
export interface Import {
  /** As it is written. */
  from: string
  /** Names; `*` for all of them. Empty where only the module as such is needed. */
  names: string[]
}

/** What a file gives to others. `*` for all that another module gives. */
export interface Export {
  name: string
  /** Where it is only handed on: from which module, and its name there. */
  from?: string
  original?: string
}

export interface Source {
  /** From the root of the repository. */
  path: string
  imports: Import[]
  exports: Export[]
  text: string
}

/**
 * Every TypeScript file of the given folders, with all that it imports: values, types, what is handed on, what is
 * loaded later, and what is started by its URL.
 */
export async function readSources(root: string, folders: readonly string[]): Promise<Source[]> {
  const sources: Source[] = []
  for (const folder of folders) {
    for await (const file of glob(`${folder}/**/*.{ts,tsx}`, { cwd: root, exclude: ignored })) {
      if (!file.endsWith('.d.ts')) sources.push(readSource(root, file))
    }
  }
  return sources.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function ignored(path: string): boolean {
  return /(^|\/)(node_modules|dist|static)(\/|$)/.test(path)
}

function readSource(root: string, path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const { module } = parseSync(path, text)
  const nameOf = ({ kind, name }: { kind: string; name: string | null }) =>
    kind === 'Default' ? 'default' : kind === 'Name' && name !== null ? name : '*'
  const handedOn = module.staticExports.flatMap(({ entries }) => entries)
  return {
    path,
    text,
    imports: [
      ...module.staticImports.map(({ moduleRequest, entries }) => ({
        from: moduleRequest.value,
        names: entries.map(({ importName }) => nameOf(importName)),
      })),
      ...handedOn.flatMap(({ moduleRequest }) => (moduleRequest ? [{ from: moduleRequest.value, names: [] }] : [])),
      // A specifier that is computed names nothing that could be looked up.
      ...module.dynamicImports.flatMap(({ moduleRequest }) =>
        literal(text.slice(moduleRequest.start, moduleRequest.end)).map((from) => ({ from, names: ['*'] })),
      ),
      ...[...text.matchAll(/new URL\('(\.[^']+\.tsx?)', import\.meta\.url\)/g)].map(([, from = '']) => ({
        from,
        names: ['*'],
      })),
    ],
    exports: handedOn.map(({ moduleRequest, exportName, importName }) => ({
      name: exportName.kind === 'None' ? '*' : nameOf(exportName),
      ...(moduleRequest && { from: moduleRequest.value, original: nameOf(importName) }),
    })),
  }
}

function literal(text: string): string[] {
  const match = /^['"]([^'"]+)['"]$/.exec(text)
  return match?.[1] === undefined ? [] : [match[1]]
}
