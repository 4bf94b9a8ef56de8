import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { ChosenEmbedding, ChosenLora } from '@pentimento/pipeline'

/** What pictures say of the files that they were painted with, by the files' names. */
export interface AdapterHashes {
  loras: Readonly<Record<string, string>>
  embeddings: Readonly<Record<string, string>>
}

interface Used {
  loras?: readonly ChosenLora[] | undefined
  embeddings: readonly ChosenEmbedding[]
}

/**
 * What AUTOMATIC1111 writes of LoRAs and embeddings into pictures: the first 12 digits of a SHA-256, of all that
 * follows the file's header for a LoRA
 * (modules/hashes.py), of the whole file for an embedding (modules/textual_inversion/textual_inversion.py), which has
 * none where it came in a LoRA. None of
 * a file that has gone since.
 */
export async function adapterHashes({ loras = [], embeddings }: Used): Promise<AdapterHashes> {
  const files = embeddings.filter(({ isBundled }) => !isBundled)
  return { loras: await hashesOf(loras, behindHeader), embeddings: await hashesOf(files, whole) }
}

async function hashesOf(used: readonly { name: string; path: string }[], from: Part): Promise<Record<string, string>> {
  const hashes = used.map(async ({ name, path }) => [name, await knownHash(path, from).catch(() => null)] as const)
  return Object.fromEntries(
    (await Promise.all(hashes)).filter((pair): pair is readonly [string, string] => pair[1] !== null),
  )
}

/** Where in a file the part begins that is hashed. */
type Part = (path: string) => Promise<number>

const whole: Part = async () => 0

const behindHeader: Part = async (path) => {
  const file = await open(path, 'r')
  const head = Buffer.alloc(8)
  await file.read(head, 0, 8, 0).finally(() => file.close())
  return 8 + Number(head.readBigUInt64LE())
}

const known = new Map<string, Promise<string>>()

/** Reckoned once for a file as it is, since it takes a second for each gigabyte or two. */
async function knownHash(path: string, from: Part): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  const key = `${path} ${size} ${mtimeMs}`
  const hash = known.get(key) ?? hashFrom(path, await from(path))
  known.set(key, hash)
  hash.catch(() => known.delete(key))
  return hash
}

async function hashFrom(path: string, start: number): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { start })) hash.update(chunk)
  return hash.digest('hex').slice(0, 12)
}
