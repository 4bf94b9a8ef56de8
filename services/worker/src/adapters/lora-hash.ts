import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'

const known = new Map<string, Promise<string>>()

/** Of each, by its name; none of one whose file has gone since. */
export async function loraHashes(
  loras: readonly { name: string; path: string }[] = [],
): Promise<Record<string, string>> {
  const hashes = loras.map(async ({ name, path }) => [name, await loraHash(path).catch(() => null)] as const)
  return Object.fromEntries(
    (await Promise.all(hashes)).filter((pair): pair is readonly [string, string] => pair[1] !== null),
  )
}

/**
 * What AUTOMATIC1111 writes of a LoRA into pictures: the first 12 digits of the SHA-256 of all that follows the file's
 * header (modules/hashes.py). Reckoned once for a file as it is, since it takes a second for each gigabyte or two.
 */
async function loraHash(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  const key = `${path} ${size} ${mtimeMs}`
  const hash = known.get(key) ?? hashBehindHeader(path)
  known.set(key, hash)
  hash.catch(() => known.delete(key))
  return hash
}

async function hashBehindHeader(path: string): Promise<string> {
  const file = await open(path, 'r')
  const head = Buffer.alloc(8)
  await file.read(head, 0, 8, 0).finally(() => file.close())
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { start: 8 + Number(head.readBigUInt64LE()) })) hash.update(chunk)
  return hash.digest('hex').slice(0, 12)
}
