// Downloads wheels and unpacks their libraries into the cache: node fetch.mjs PIP LOCK CACHE RUNTIME NAME…
// Started by bring-cuda.mjs, one at a time: whoever runs it holds the lock on the cache.
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gigabytes, PROVIDER, readLock, wheelFolder } from './lock.mjs'
import { downloadWheel } from './pip.mjs'
import { showProgress } from './progress.mjs'
import { unpackLibraries } from './unpack.mjs'

const [pip, lockFile, cache, runtime, ...names] = process.argv.slice(2)
const wheels = readLock(lockFile).wheels.filter((wheel) => names.includes(wheel.name))
const partial = join(cache, 'cuda', 'partial')
const libraries = join(partial, 'libraries')

async function fetchWheel(wheel, label) {
  // What was killed before leaves a part of one wheel, which goes; complete ones stay, so that the next start goes on
  // from there.
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(libraries, { recursive: true })
  const hide = showProgress(label, partial, wheel.bytes)
  const file = await downloadWheel(JSON.parse(pip), wheel, partial, process.env).finally(hide)
  await unpackLibraries(file, wheel.libraries, libraries)
  // ONNX Runtime looks for its providers beside itself, and the loader takes the copy that LD_LIBRARY_PATH leads to.
  if (wheel.name === PROVIDER) copyFileSync(runtime, join(libraries, basename(runtime)))
  renameSync(libraries, wheelFolder(cache, wheel))
}

try {
  for (const [index, wheel] of wheels.entries()) {
    if (existsSync(wheelFolder(cache, wheel))) continue
    const { name, version, bytes } = wheel
    await fetchWheel(wheel, `  ${index + 1} of ${wheels.length}: ${name} ${version}, ${gigabytes(bytes)}`)
  }
} catch (error) {
  console.error(error.message)
  process.exitCode = error.message === 'interrupted' ? 130 : 1
} finally {
  rmSync(partial, { recursive: true, force: true })
}
