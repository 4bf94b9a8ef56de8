// Writes wheels.lock.json anew, for maintainers, after a change of onnxruntime-node's version or of the pins below:
// node scripts/cuda/make-lock.mjs Downloads every wheel (1.2 GB) to hash it and to list its libraries.
import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { lockFile, PROVIDER } from './lock.mjs'
import { findPip, pipDownload } from './pip.mjs'
import { listLibraries } from './unpack.mjs'

/**
 * CUDA 13.0, which runs on every driver that CUDA 13 runs on, and the cuDNN that PyTorch pairs it with. cuFFT, which
 * the provider loads for Fourier transforms alone, is left out: no diffusion model has any.
 */
const pins = {
  'nvidia-cuda-runtime': '13.0.96',
  'nvidia-cublas': '13.1.0.3',
  'nvidia-cuda-nvrtc': '13.0.88',
  'nvidia-curand': '10.4.0.35',
  'nvidia-cudnn-cu13': '9.19.0.56',
}
/** CUDA 13 needs driver 580 and has left architectures before Turing behind. */
const needs = { driver: 580, capability: 7.5 }

/** Of TensorRT, for debuggers, for the BLAS of other programs, and ONNX Runtime itself, which the npm package has. */
const unneeded = /tensorrt|\.alt\.|libnvblas|libonnxruntime\.so/
const platform = [
  '--python-version',
  '3.12',
  '--platform',
  'manylinux_2_28_x86_64',
  '--platform',
  'manylinux_2_27_x86_64',
]

const pip = findPip(process.env)

async function describeWheel(name, version, folder) {
  const args = [
    '--no-deps',
    '--only-binary',
    ':all:',
    ...platform,
    '--platform',
    'manylinux2014_x86_64',
    '--dest',
    folder,
  ]
  if ((await pipDownload(pip, [...args, `${name}==${version}`], process.env)) !== 0)
    throw new Error(`no wheel of ${name} ${version}`)
  const [file] = readdirSync(folder)
  const path = join(folder, file)
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const libraries = (await listLibraries(path)).filter((library) => !unneeded.test(library.path))
  return { name, version, file, sha256: hash.digest('hex'), bytes: statSync(path).size, libraries }
}

async function main() {
  const root = new URL('../../', import.meta.url)
  const onnxruntime = JSON.parse(readFileSync(new URL('packages/pipeline/package.json', root))).dependencies[
    'onnxruntime-node'
  ]
  const wheels = []
  for (const [name, version] of Object.entries({ [PROVIDER]: onnxruntime, ...pins })) {
    const folder = mkdtempSync(join(tmpdir(), 'pentimento-wheel-'))
    wheels.push(await describeWheel(name, version, folder).finally(() => rmSync(folder, { recursive: true })))
  }
  writeFileSync(lockFile, `${JSON.stringify({ onnxruntime, ...needs, wheels }, null, 2)}\n`)
}

await main()
