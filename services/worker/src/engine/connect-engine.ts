import { guardAgainstOrphaning } from './orphan-guard.ts'
import type { EngineEvent } from './protocol.ts'
import { type EngineBackend, serveEngine } from './serve-engine.ts'

/** Serves a backend over the channel that `fork` made. The process ends with its parent. */
export function connectEngine<M>(backend: EngineBackend<M>): void {
  const send = process.send?.bind(process)
  if (!send) throw new Error('the engine is started by the worker, not by hand')
  guardAgainstOrphaning(process.ppid)
  // Ctrl-C reaches the whole process group: when to stop is the parent's decision.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  // An exit would end the device's thread within a native call, which is an abort with all its noise.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  let said: EngineEvent[] = []
  /** Runs that go on in one turn of the loop tell so in one message, which costs both sides as much as that of one. */
  function say(event: EngineEvent): void {
    if (said.length === 0) setImmediate(flush)
    said.push(event)
  }
  function flush(): void {
    send?.(said)
    said = []
  }
  serveEngine(
    {
      send: say,
      onMessage: (listener) => process.on('message', listener),
      fail(error) {
        process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
        process.exit(1)
      },
    },
    backend,
  )
}
