import { createHash } from 'node:crypto'
import type { JobRequest } from '@pentimento/contracts'
import { contentTypes, encode } from '@pentimento/images'
import type { ChosenEmbedding, ChosenLora, GeneratedImage } from '@pentimento/pipeline'
import type { StoredImage } from '@pentimento/state'
import { keys, type ObjectStore } from '@pentimento/storage'
import { adapterHashes } from '../adapters/adapter-hashes.ts'
import { embeddedMetadata } from './embedded-metadata.ts'
import { retryStorage } from './retry-storage.ts'

/**
 * Encodes the pictures and stores them under the attempt's prefix. Throws `StorageUnavailable` when the storage stays
 * away, and not before every write has ended.
 */
export async function storeImages(
  store: ObjectStore,
  job: {
    id: string
    attempt: number
    request: JobRequest
    loras?: readonly ChosenLora[]
    embeddings: readonly ChosenEmbedding[]
  },
  images: readonly GeneratedImage[],
): Promise<StoredImage[]> {
  const { id, attempt, request } = job
  const { output_format: format, output_quality: quality, embed_metadata: embed } = request.parameters
  const hashes = embed ? await adapterHashes(job) : undefined
  const writes = images.map(async ({ image, seed, variationSeed, flagged }, index) => {
    const metadata = embed ? embeddedMetadata(request, { index, seed, variationSeed }, hashes) : null
    const bytes = await encode(image, { format, quality, metadata })
    const key = keys.resultKey(request.tenant, id, attempt, index, format)
    const contentType = contentTypes[format] as StoredImage['content_type']
    await retryStorage(() => store.put(key, bytes, { contentType }))
    return {
      index,
      seed,
      variation_seed: variationSeed,
      width: image.width,
      height: image.height,
      ...(flagged !== undefined && { flagged }),
      content_type: contentType,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
  })
  // All have ended before one failure is acted on: the others would land after the attempt was cleaned up.
  await Promise.allSettled(writes)
  return Promise.all(writes)
}
