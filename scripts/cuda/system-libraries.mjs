import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findProgram } from '../system-packages.mjs'

/**
 * Where CUDA's installers put libraries that the loader is not told of, and where Windows' subsystem for Linux has the
 * driver's.
 */
function usualFolders(root) {
  const toolkits = existsSync(join(root, 'usr/local'))
    ? readdirSync(join(root, 'usr/local')).filter((name) => /^cuda(-\d|$)/.test(name))
    : []
  return [...toolkits.toSorted().map((name) => `usr/local/${name}/lib64`), 'usr/lib/wsl/lib'].map((folder) =>
    join(root, folder),
  )
}

/** The paths of the loader's own list for this kind of machine, by name. */
function loaderList() {
  const ldconfig = findProgram(['ldconfig'], [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter))
  const text = ldconfig === undefined ? '' : spawnSync(ldconfig, ['-p'], { encoding: 'utf8' }).stdout
  return new Map([...text.matchAll(/^\s+(\S+) \([^)]*x86-64[^)]*\) => (\S+)$/gm)].map(([, name, path]) => [name, path]))
}

/**
 * Finds shared libraries in the system, as the loader would with the folders of the answer on LD_LIBRARY_PATH.
 *
 * @returns the folders that the loader has to be told of besides, or undefined if one of the libraries is nowhere
 */
export function findSystemLibraries(names, env, root = '/') {
  const told = (env.LD_LIBRARY_PATH ?? '').split(delimiter).filter(Boolean)
  const listed = root === '/' ? loaderList() : new Map()
  const others = usualFolders(root)
  const folders = new Set()
  for (const name of names) {
    if (listed.has(name) || told.some((folder) => existsSync(join(folder, name)))) continue
    const folder = others.find((one) => existsSync(join(one, name)))
    if (folder === undefined) return undefined
    folders.add(folder)
  }
  return [...folders]
}
