import { type Attack, keepDoing } from './context.ts'

/** Readiness probes without a key, each of which asks Redis and writes to the storage. */
export const probeStorm: Attack = {
  name: 'probe-storm',
  run: ({ url, until }) => keepDoing(200, until, async () => (await fetch(`${url}/readyz`, { signal: until })).text()),
}
