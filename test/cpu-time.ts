import { existsSync, readFileSync } from 'node:fs'
import { afterAll } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** Milliseconds that a file of tests took of the processor, with the processes that it has started and seen end. */
    cpuMs?: number
  }
}

const TICK_MS = 10

/** Of the processes that have ended: fields 16 and 17 of proc_pid_stat(5). Other systems than Linux do not say it. */
function childrenMs(): number {
  if (!existsSync('/proc/self/stat')) return 0
  const text = readFileSync('/proc/self/stat', 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS
}

function spentMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000 + childrenMs()
}

const before = spentMs()

// The first of these hooks is called last, after all that the file itself does at its end.
// biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what the hook asks for
afterAll(({}, { file }) => {
  file.meta.cpuMs = spentMs() - before
})
