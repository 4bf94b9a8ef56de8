import { ApiError } from '../api/client.ts'
import { plainWords } from '../api/plain-words.ts'
import { loadCatalogue, models } from '../state/models.ts'
import { notice } from '../state/notice.ts'

const againMs = 3000

/** Asks the service what it can do, until it answers or refuses. */
export async function connect(): Promise<void> {
  try {
    await loadCatalogue()
    notice.value = ''
    // A worker that has just started announces its model in a moment.
    if (models.value.length === 0) setTimeout(connect, againMs)
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return
    notice.value = plainWords(error)
    setTimeout(connect, againMs)
  }
}
