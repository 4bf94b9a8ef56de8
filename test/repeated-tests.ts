import type { Reporter, TestModule } from 'vitest/node'

/** Tells which tests passed at their repeat only, and how they failed before: a fault that is rare is one still. */
export default class RepeatedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests('passed')) {
        if (!test.diagnostic()?.flaky) continue
        const [error] = test.result().errors ?? []
        const why = `${error?.message ?? ''}\n${error?.stack ?? ''}`.slice(0, 1500)
        process.stdout.write(`PASSED AT ITS REPEAT ${module.relativeModuleId}: ${test.fullName}\n${why}\n`)
      }
    }
  }
}
