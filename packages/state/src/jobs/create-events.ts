import type { Store } from '../redis/store.ts'
import type { JobEvents } from './events.ts'
import { packPreview, type Subscriptions } from './subscriptions.ts'

const previewBytes = 16 * 1024
const previewWatchSeconds = 15
/** Those who begin to watch a job within this time are asked for together. */
const previewAskMs = 2000

export function createEvents(store: Store, subscriptions: Subscriptions): JobEvents {
  /** Previews that were asked for a moment ago: the job's id and every how many steps. */
  const asked = new Map<string, number>()

  return {
    subscribe: (id, listener) => subscriptions.onJob(id, listener),
    async requestPreviews(id, every) {
      if ((asked.get(id) ?? Infinity) <= every) return
      if (!asked.has(id)) setTimeout(() => asked.delete(id), previewAskMs).unref()
      asked.set(id, every)
      await store.call((redis) => redis.set(`${store.prefix}preview:${id}`, every, 'EX', previewWatchSeconds))
    },
    async publishPreview(id, preview) {
      if (preview.image.byteLength > previewBytes) return false
      await store.call((redis) => redis.publish(`${store.prefix}previews`, packPreview(id, preview)))
      return true
    },
  }
}
