/** Jobs of one call: a script over more would keep Redis from others. */
const most = 100

/**
 * Makes questions about jobs that are asked in the same turn of the event loop one call for all of them, which answers
 * in the order of the ids.
 */
export function inOneCall<T>(call: (ids: string[]) => Promise<T[]>): (id: string) => Promise<T> {
  let open: { ids: string[]; answers: Promise<T[]> } | undefined

  function begin(): { ids: string[]; answers: Promise<T[]> } {
    const ids: string[] = []
    const begun = {
      ids,
      answers: Promise.resolve().then(() => {
        if (open === begun) open = undefined
        return call(ids)
      }),
    }
    return begun
  }

  return async (id) => {
    open ??= begin()
    const { ids, answers } = open
    const place = ids.push(id) - 1
    if (ids.length === most) open = undefined
    return (await answers)[place] as T
  }
}
