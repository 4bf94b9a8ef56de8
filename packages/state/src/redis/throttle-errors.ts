/**
 * Passes an error on unless one with the same message was passed on in the last `everyMs`: while Redis is away each
 * connection says the same, many times a second.
 */
export function throttleErrors(tell: (error: Error) => void, everyMs = 10_000): (error: Error) => void {
  const told = new Map<string, number>()
  return (error) => {
    const now = performance.now()
    for (const [message, at] of told) if (now - at >= everyMs) told.delete(message)
    if (told.has(error.message)) return
    told.set(error.message, now)
    tell(error)
  }
}
