import { spawn } from 'node:child_process'

/**
 * Runs a program with our standard streams until it ends and resolves to its exit code. SIGINT and SIGTERM that reach
 * only us are handed on; a Ctrl-C in a terminal reaches the program by itself, so the program must take the same signal
 * twice.
 */
export function runToEnd(program, args, options) {
  const child = spawn(program, args, { stdio: 'inherit', ...options })
  const forward = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}

/** Runs a program that must succeed; `why` says in one line what it is for. */
export async function runStep(why, program, args, options = {}) {
  console.log(why)
  const code = await runToEnd(program, args, options)
  if (code > 128) throw new Error('interrupted')
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')} failed with exit code ${code}`)
}
