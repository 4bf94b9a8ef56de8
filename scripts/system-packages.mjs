import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runStep } from './run.mjs'

/** The path of the first of these programs on the PATH, or undefined. */
export function findProgram(names, path = process.env.PATH ?? '') {
  for (const name of names)
    for (const folder of path.split(delimiter)) {
      const file = join(folder, name)
      try {
        accessSync(file, constants.X_OK)
        return file
      } catch {
        // not here; look in the next folder
      }
    }
  return undefined
}

/** Whether Debian packages can be installed without asking anybody: Debian or Ubuntu, as root. */
export function canUseApt() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined
}

/** The list of packages is read once, however many are installed. */
let listRead

export async function aptInstall(...packages) {
  // RUNLEVEL=1 keeps a freshly installed service from being started by its package.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  listRead ??= runStep('Reading the list of Debian packages …', 'apt-get', ['update', '-qq'], { env })
  await listRead
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
  await runStep(`Installing ${packages.join(', ')} …`, 'apt-get', install, {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
