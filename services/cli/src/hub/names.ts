/**
 * What a part of a model's id may be: the hub's own rule for owners and names, so that no two repositories get one
 * folder.
 */
const idPart = /^(?!.*(?:--|\.\.))\w(?:[\w.-]{0,94}\w)?$/
const commit = /^[0-9a-f]{40}$/
// Windows' devices; a models folder may lie on a disk that Windows reads.
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/** Throws an Error that names what is wrong with a repository, revision, variant or file that somebody typed. */
export function checkAsked(asked: {
  repo: string
  revision: string
  variant: string | null
  file: string | null
}): void {
  const { repo, revision, variant, file } = asked
  const parts = repo.split('/')
  if (parts.length !== 2 || !parts.every((part) => idPart.test(part)))
    throw new Error(`${JSON.stringify(repo)} is no repository: write owner/name, as the hub does`)
  if (!isRevision(revision)) throw new Error(`${JSON.stringify(revision)} is no branch, tag or commit`)
  if (variant !== null && !idPart.test(variant))
    throw new Error(`${JSON.stringify(variant)} is no variant: write what stands in model.<variant>.onnx, such as fp16`)
  if (file === null) return
  if (!isPlainPath(file) || !file.endsWith('.safetensors') || file.length > 200)
    throw new Error(
      `${JSON.stringify(file)} is no file that can be pulled: write the path of a .safetensors in the repository`,
    )
  if (variant !== null) throw new Error('a single file has no variants: leave --variant out')
}

export function isCommit(text: string): boolean {
  return commit.test(text)
}

/** What git allows as the name of a reference (git-check-ref-format), in ASCII. */
function isRevision(text: string): boolean {
  return (
    /^[!-~]{1,255}$/.test(text) &&
    !/[~^:?*[\\]|\.\.|@\{|\/$|\.$/.test(text) &&
    text.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  )
}

/** Whether a path could be one inside a repository at all. A hub that lists another one lies. */
export function isRepositoryPath(path: string): boolean {
  if (path.length > 4096 || /[\\\p{Cc}]/u.test(path)) return false
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
}

/**
 * Whether every name of a path means the same file on every system and in every terminal: ASCII without spaces, no dot
 * at its beginning or end, and none that a transfer's own files have.
 */
export function isPlainPath(path: string): boolean {
  return path
    .split('/')
    .every((name) => /^\w[\w.+=@:,-]{0,199}$/.test(name) && !/\.(?:part)?$/.test(name) && !device.test(name))
}
