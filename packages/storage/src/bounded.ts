import { StorageUnavailable } from './errors.ts'

/** Runs `work`, and turns whatever it throws, or its taking longer than `ms`, into `StorageUnavailable`. */
export async function bounded<T>(operation: string, ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work(), late])
  } catch (cause) {
    throw isOwnError(cause) ? cause : new StorageUnavailable(operation, cause)
  } finally {
    clearTimeout(timer)
  }
}

function isOwnError(cause: unknown): boolean {
  return (
    cause instanceof StorageUnavailable ||
    (cause instanceof RangeError && 'code' in cause && cause.code === 'range_not_satisfiable')
  )
}
