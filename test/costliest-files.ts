import type { Reporter, TestModule } from 'vitest/node'

const SHOWN = 10

/**
 * Tells at the end which files took most of the processor (cpu-time.ts): the time of a machine with two cores is half
 * of it.
 */
export default class CostliestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules
      .map((module) => ({ name: module.relativeModuleId, seconds: (module.meta().cpuMs ?? 0) / 1000 }))
      .sort((a, b) => b.seconds - a.seconds)
    const sum = files.reduce((total, { seconds }) => total + seconds, 0)
    const lines = files.slice(0, SHOWN).map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}\n`)
    process.stdout.write(`Processor time of the files: ${sum.toFixed(0)} s; most of it in\n${lines.join('')}`)
  }
}
