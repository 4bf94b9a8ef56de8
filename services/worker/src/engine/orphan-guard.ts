import { Worker } from 'node:worker_threads'

/**
 * Ends this process when its parent is gone, even while a native call blocks the event loop: a thread of its own looks
 * once a second. Without it an engine that hangs in a driver would keep its memory after the worker was killed.
 */
export function guardAgainstOrphaning(parentPid: number): void {
  const source = `
    const { workerData } = require('node:worker_threads')
    setInterval(() => {
      if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL')
    }, 1000)`
  new Worker(source, {
    eval: true,
    workerData: parentPid,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  }).unref()
}
