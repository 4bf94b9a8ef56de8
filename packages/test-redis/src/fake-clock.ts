import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The time of day that a redis-server goes by, which a test may set. */
export interface FakeClock {
  /** The environment of the server, beside what it has. */
  env: Record<string, string>
  /** Sets it forward, or back, by so many seconds from where it stands; seen within a second. */
  step(seconds: number): void
}

/**
 * A clock by libfaketime, which stands between a program and its C library; null where LIBFAKETIME does not say where
 * that is.
 *
 * @param folder where it writes down how far it is off
 */
export function fakeClock(folder: string): FakeClock | null {
  const { LIBFAKETIME } = process.env
  if (!LIBFAKETIME) return null
  const file = join(folder, 'redis-clock')
  let offset = 0
  const step = (seconds: number) => {
    offset += seconds
    writeFileSync(file, `${offset < 0 ? '' : '+'}${offset}s\n`)
  }
  step(0)
  const env = {
    // C's own allocator before Redis' jemalloc, which asks for the time before libfaketime knows it.
    LD_PRELOAD: `${LIBFAKETIME} libc.so.6`,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    // Nobody sets that one.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  return { env, step }
}
