import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '../run.mjs'
import { aptInstall, canUseApt } from '../system-packages.mjs'

/**
 * Command lines of pip, each with what tells that it is there. To load its package alone takes a tenth of the time of
 * `pip --version`.
 */
const commands = [
  { pip: ['python3', '-m', 'pip'], probe: ['python3', '-c', 'import pip'] },
  { pip: ['pip3'], probe: ['pip3', '--version'] },
  { pip: ['pip'], probe: ['pip', '--version'] },
]

/** The command line that pip answers to, or undefined. */
export function findPip(env) {
  return commands.find(({ probe: [program, ...args] }) => spawnSync(program, args, { env }).status === 0)?.pip
}

/** Installs pip where that can be done without asking. @returns its command line */
export async function ensurePip(env) {
  const found = findPip(env)
  if (found) return found
  if (canUseApt()) await aptInstall('python3-pip')
  const installed = findPip(env)
  if (installed) return installed
  throw new Error(
    'The CUDA libraries come from the Python package index by pip: install it (python3-pip), or set GPU=off.',
  )
}

/**
 * Downloads one wheel into a folder by pip, which heeds its own configuration: mirrors, proxies, certificates. A file
 * with another hash is refused.
 *
 * @returns the path of the file
 */
export async function downloadWheel(pip, { name, version, file, sha256 }, folder, env) {
  const requirements = join(folder, 'requirements.txt')
  writeFileSync(requirements, `${name}==${version} --hash=sha256:${sha256}\n`)
  const exact = ['--require-hashes', '--no-deps', ...platformOf(file)]
  // Beside the target: /tmp may be small. It must be there, else pip takes /tmp.
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  const code = await pipDownload(pip, [...exact, '--dest', folder, '--requirement', requirements], {
    ...env,
    TMPDIR: scratch,
  })
  if (code > 128) throw new Error('interrupted')
  if (code !== 0) throw new Error(`pip could not download ${name} ${version}.`)
  return join(folder, file)
}

/** @param pip as {@link findPip} found it */
export function pipDownload(pip, args, env) {
  const quiet = ['--quiet', '--progress-bar', 'off', '--no-cache-dir', '--disable-pip-version-check', '--no-input']
  // Nothing is installed, so that it does not matter whether a virtual environment is active.
  const pipEnv = { ...env, PIP_REQUIRE_VIRTUALENV: 'false' }
  return runToEnd(pip[0], [...pip.slice(1), 'download', ...quiet, ...args], { env: pipEnv })
}

/** Has pip, whatever Python it runs on, take the file of the Python and platform in this name. */
function platformOf(file) {
  const [python, abi, platforms] = file
    .replace(/\.whl$/, '')
    .split('-')
    .slice(-3)
  const choices = platforms.split('.').flatMap((platform) => ['--platform', platform])
  const version = python.startsWith('cp')
    ? ['--python-version', python.replace(/^cp(\d)/, '$1.'), '--implementation', 'cp']
    : []
  return ['--only-binary', ':all:', ...version, '--abi', abi, ...choices]
}
