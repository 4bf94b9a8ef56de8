import type { Store } from '../redis/store.ts'
import type { JobEvents } from './events.ts'
import { packPreview, type Subscriptions } from './subscriptions.ts'

const previewBytes = 16 * 1024
const previewWatchSeconds = 15

export function createEvents(store: Store, subscriptions: Subscriptions): JobEvents {
  return {
    subscribe: (id, listener) => subscriptions.onJob(id, listener),
    async requestPreviews(id, every) {
      await store.call((redis) => redis.set(`${store.prefix}preview:${id}`, every, 'EX', previewWatchSeconds))
    },
    async publishPreview(id, step, image) {
      if (image.byteLength > previewBytes) return false
      await store.call((redis) => redis.publish(`${store.prefix}previews`, packPreview(id, step, image)))
      return true
    },
  }
}
