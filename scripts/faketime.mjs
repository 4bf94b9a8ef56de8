import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall, canUseApt } from './system-packages.mjs'

/**
 * Says where libfaketime is, by which tests set the clock of a Redis of their own, as environment for the commands.
 * Installs it where that can be done without asking; what needs it is left out, with a word, where it cannot be had.
 */
export async function ensureFaketime(env) {
  const found = env.LIBFAKETIME ?? findLibrary()
  if (found) return { LIBFAKETIME: found }
  if (canUseApt()) await aptInstall('libfaketime').catch((error) => console.log(error.message))
  const installed = findLibrary()
  if (installed) return { LIBFAKETIME: installed }
  console.log("Redis' clock is not set, for want of Debian's libfaketime (or LIBFAKETIME=/path/to/libfaketime.so.1).")
  return {}
}

function findLibrary(libraries = '/usr/lib') {
  const folders = existsSync(libraries) ? readdirSync(libraries) : []
  return folders.map((folder) => join(libraries, folder, 'faketime/libfaketime.so.1')).find((file) => existsSync(file))
}
