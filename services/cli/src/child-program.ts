import { spawn } from 'node:child_process'

/** A program that runs beside this one until it is stopped. */
export interface ChildProgram {
  name: string
  pid: number | undefined
  /** Resolves when the program has ended, with a sentence that says how. */
  ended: Promise<string>
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when it has ended. */
  stop(graceMs: number): Promise<void>
}

interface ProgramOptions {
  env: NodeJS.ProcessEnv
  /** Text for its standard input, for what must not stand in the process list. */
  input?: string
  /** Whether its standard output is ours or dropped. Standard error is always ours. */
  output: 'inherit' | 'ignore'
  /** An open channel to us: a service that sees it close knows that we are gone and stops by itself. */
  channel?: boolean
}

/**
 * Starts a program in a process group of its own: a Ctrl-C in the terminal reaches only us, and we stop the programs in
 * the right order. What it writes is its owner's alone, whatever the umask here: Redis has no setting for the modes of
 * its files.
 */
export function startProgram(name: string, program: string, args: string[], options: ProgramOptions): ChildProgram {
  const input = options.input === undefined ? 'ignore' : 'pipe'
  const stdio: ('ignore' | 'pipe' | 'inherit' | 'ipc')[] = [input, options.output, 'inherit']
  if (options.channel) stdio.push('ipc')
  const child = withUmask(0o077, () => spawn(program, args, { stdio, env: options.env, detached: true }))
  // A program that ends before it has read its input is reported by `ended`.
  child.stdin?.on('error', () => {}).end(options.input)
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`${name} ended with ${signal ?? `exit code ${code}`}`))
    child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`))
  })
  return {
    name,
    pid: child.pid,
    ended,
    stop: async (graceMs) => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      child.kill('SIGTERM')
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(killer)
    },
  }
}

/** A child takes its umask from us at the moment when it is made; ours stays what the user has set. */
function withUmask<T>(mask: number, run: () => T): T {
  const before = process.umask(mask)
  try {
    return run()
  } finally {
    process.umask(before)
  }
}
