/** Models that have to make room for each other are loaded again and again, and those that do not are loaded once. */
export function loadModeFor(bytes: readonly number[], limitBytes: number): 'fast' | 'lean' {
  return bytes.reduce((sum, each) => sum + each, 0) <= limitBytes ? 'fast' : 'lean'
}
