import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall, canUseApt } from './system-packages.mjs'

/**
 * Says where libfaketime is, by which tests set the clock of a Redis of their own, as environment for the commands.
 * Installs it where that can be done without asking.
 */
export async function ensureFaketime(env) {
  const found = env.LIBFAKETIME ?? findLibrary()
  if (found) return { LIBFAKETIME: found }
  if (canUseApt()) await aptInstall('libfaketime')
  const installed = findLibrary()
  if (installed) return { LIBFAKETIME: installed }
  throw new Error("Tests with Redis' clock need Debian's libfaketime, or LIBFAKETIME=/path/to/libfaketime.so.1.")
}

function findLibrary(libraries = '/usr/lib') {
  const folders = existsSync(libraries) ? readdirSync(libraries) : []
  return folders.map((folder) => join(libraries, folder, 'faketime/libfaketime.so.1')).find((file) => existsSync(file))
}
