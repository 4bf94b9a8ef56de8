import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Wheel one file of the package index, as wheels.lock.json has it
 * @property {string} name its project
 * @property {string} version
 * @property {string} file its name, whose last parts say which Python and platform it is for
 * @property {string} sha256
 * @property {number} bytes
 * @property {{ path: string, bytes: number }[]} libraries what is unpacked of it
 *
 * @typedef {object} Lock
 * @property {string} onnxruntime the version of onnxruntime-node that the provider belongs to
 * @property {number} driver the oldest NVIDIA driver that these libraries run on
 * @property {number} capability the oldest compute capability that they hold code for
 * @property {Wheel[]} wheels the provider first
 */

/** The wheel that holds ONNX Runtime's provider; the others hold NVIDIA's libraries. */
export const PROVIDER = 'onnxruntime-gpu'

export const lockFile = new URL('./wheels.lock.json', import.meta.url)

/** @returns {Lock} */
export function readLock(file = lockFile) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The folder of a wheel's libraries. It is there as soon as it is complete, and the name changes with the content. */
export function wheelFolder(cache, { name, version, sha256 }) {
  return join(cache, 'cuda', `${name}-${version}-${sha256.slice(0, 12)}`)
}

/**
 * The libraries that others ask for by name, such as libcublas.so.13; the rest are parts which these load themselves.
 */
export function namedLibraries(wheels) {
  return wheels
    .flatMap(({ libraries }) => libraries.map(({ path }) => path.split('/').at(-1)))
    .filter((name) => /^lib[a-zA-Z]+\.so\.\d+$/.test(name))
}

export const sum = (numbers) => numbers.reduce((total, one) => total + one, 0)
export const gigabytes = (bytes) => (bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`)
