/** Where an attack goes, and with what key. */
export interface AttackContext {
  /** Origin of the api. */
  url: string
  /** A key of the attacker's own. */
  token: string
  /** Aborts when the attack is to end. */
  until: AbortSignal
}

/** What one client could try in order to stop the service for others. Resolves once `until` has aborted. */
export interface Attack {
  name: string
  run(context: AttackContext): Promise<void>
}

/** Runs `once` again and again in so many lines side by side; what fails is tried again like everything else. */
export async function keepDoing(
  lines: number,
  until: AbortSignal,
  once: (line: number) => Promise<unknown>,
): Promise<void> {
  const line = async (_: unknown, n: number) => {
    while (!until.aborted) await once(n).catch(() => new Promise((resolve) => setTimeout(resolve, 20)))
  }
  await Promise.all(Array.from({ length: lines }, line))
}
