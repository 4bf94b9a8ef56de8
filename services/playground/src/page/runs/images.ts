import { type Signal, signal } from '@preact/signals'
import { ApiError, getImage } from '../api/client.ts'

interface Result {
  file: Promise<Blob>
  address: Signal<string | null>
  /** Whether the service no longer has it. */
  gone: Signal<boolean>
}

const results = new Map<string, Result>()
const nameOf = (jobId: string, index: number) => `${jobId}/${index}`

/** A result, fetched once, with the key, and kept while the page lives. */
function resultOf(jobId: string, index: number): Result {
  const name = nameOf(jobId, index)
  const known = results.get(name)
  if (known !== undefined) return known
  const result: Result = { file: getImage(jobId, index), address: signal(null), gone: signal(false) }
  results.set(name, result)
  result.file.then(
    (blob) => {
      result.address.value = URL.createObjectURL(blob)
    },
    (error) => {
      result.gone.value = error instanceof ApiError && (error.status === 404 || error.status === 410)
      // The next one who asks tries again.
      if (!result.gone.value) results.delete(name)
    },
  )
  return result
}

/** @throws ApiError, or TypeError without a network */
export function imageOf(jobId: string, index: number): Promise<Blob> {
  return resultOf(jobId, index).file
}

/** Address of a result for an `<img>`, null until it is there, and whether it never will be. */
export function imageAddress(jobId: string, index: number): { address: string | null; gone: boolean } {
  const { address, gone } = resultOf(jobId, index)
  return { address: address.value, gone: gone.value }
}

const copies = new WeakMap<Blob, string>()

/** Address of what is shown on a card: the result, or the small copy of one that has not been asked for. */
export function cardAddress(jobId: string, index: number, thumbnail: Blob | undefined): string | null {
  if (thumbnail === undefined || results.has(nameOf(jobId, index))) {
    const { address } = imageAddress(jobId, index)
    if (address !== null || thumbnail === undefined) return address
  }
  return copyAddress(thumbnail)
}

export function copyAddress(thumbnail: Blob): string {
  const address = copies.get(thumbnail) ?? URL.createObjectURL(thumbnail)
  copies.set(thumbnail, address)
  return address
}
