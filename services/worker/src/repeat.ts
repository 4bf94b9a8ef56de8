export interface Repetition {
  /** Starts no other pass and waits for the one under way. */
  stop(): Promise<void>
}

/**
 * Runs `pass` again and again until stopped: at once when it says that there is more, else after `intervalMs`.
 * A pass that throws is handed to `onError` and comes again.
 */
export function repeat(
  pass: () => Promise<'more' | 'done'>,
  intervalMs: number,
  onError: (error: unknown) => void,
): Repetition {
  const stopped = Promise.withResolvers<void>()
  let stopping = false

  async function run(): Promise<void> {
    while (!stopping) {
      let outcome: 'more' | 'done' = 'done'
      try {
        outcome = await pass()
      } catch (error) {
        onError(error)
      }
      if (outcome === 'done') await pause(intervalMs, stopped.promise)
    }
  }

  const running = run()
  return {
    async stop() {
      stopping = true
      stopped.resolve()
      await running
    },
  }
}

async function pause(ms: number, cut: Promise<void>): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, ms)
  await Promise.race([over.promise, cut])
  clearTimeout(timer)
}
