import { type Signal, signal } from '@preact/signals'
import { getImage } from '../api/client.ts'

const addresses = new Map<string, Signal<string | null>>()

/**
 * Address of a result for an `<img>`: the image is fetched once, with the key, and kept while the page lives. Null
 * until it is there.
 */
export function imageAddress(jobId: string, index: number): Signal<string | null> {
  const name = `${jobId}/${index}`
  const known = addresses.get(name)
  if (known !== undefined) return known
  const address = signal<string | null>(null)
  addresses.set(name, address)
  getImage(jobId, index).then(
    (blob) => {
      address.value = URL.createObjectURL(blob)
    },
    // The next one who asks tries again.
    () => addresses.delete(name),
  )
  return address
}
