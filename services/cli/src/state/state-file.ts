import { createHash, type Hash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { KeptKey } from '@pentimento/state'

/** Of the file's first line. */
const format = { pentimento: 'state', version: 1 }

/**
 * Writes keys to a new file, a line of JSON each, between a head with the namespace and an end that tells their number
 * and the hash of all lines before. Answers the number. What fails leaves no file.
 *
 * @throws Error when there is such a file
 */
export async function writeStateFile(path: string, namespace: string, keys: AsyncIterable<KeptKey>): Promise<number> {
  const file = await open(path, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(cause.code === 'EEXIST' ? `${path} is there already` : `${path} cannot be written (${cause.code})`)
  })
  const hash = createHash('sha256')
  let count = 0
  try {
    const write = async (value: object) => {
      const line = `${JSON.stringify(value)}\n`
      hash.update(line)
      await file.write(line)
    }
    await write({ ...format, namespace })
    for await (const key of keys) {
      await write(key)
      count += 1
    }
    await write({ keys: count, sha256: hash.copy().digest('hex') })
    await file.sync()
    return count
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/**
 * The keys of a whole and unchanged file.
 *
 * @throws Error for any other, before the first key
 */
export async function* readStateFile(path: string, namespace: string): AsyncGenerator<KeptKey> {
  for await (const _ of lines(path, namespace));
  yield* lines(path, namespace)
}

async function* lines(path: string, namespace: string): AsyncGenerator<KeptKey> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`${path} cannot be read (${cause.code})`)
  })
  const hash = createHash('sha256')
  let count = -1
  let whole = false
  for await (const line of file.readLines()) {
    const value = parse(line)
    if (whole) throw new Error(`${path} goes on behind its end: nothing of it is used`)
    if (count < 0) checkHead(value, namespace)
    else if ('sha256' in value) whole = isEnd(value, count, hash)
    else yield value as unknown as KeptKey
    hash.update(`${line}\n`)
    count += 1
  }
  if (!whole) throw new Error(`${path} is not whole, or was changed: nothing of it is used`)
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return {}
  }
}

function checkHead(head: Record<string, unknown>, namespace: string): void {
  if (head.pentimento !== format.pentimento || head.version !== format.version)
    throw new Error('this is no file of "npm run state -- export" that this version can read')
  // Records name keys of their queue.
  if (head.namespace !== namespace)
    throw new Error(`the file is of the namespace ${head.namespace}: import it with REDIS_NAMESPACE=${head.namespace}`)
}

function isEnd(end: Record<string, unknown>, count: number, hash: Hash): boolean {
  return end.keys === count && end.sha256 === hash.copy().digest('hex')
}
