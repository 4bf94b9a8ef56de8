import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const conditions = ['source', 'node', 'import']

// Workspace packages resolve to their TypeScript sources through the `source` export condition, so tests need no build.
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
}

const roots = '{packages,services,scripts,bench,deploy,docs,tools}/**'

// Run only where a service is named.
const unasked = process.env.S3_TEST_URL ? [] : ['**/s3-service.test.ts']

/** What takes minutes begins first: at the end everything would wait for it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => /\/bench\/chaos\/|\/parity\//.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  // For what is set up for all tests.
  ...shared,
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './test/costliest-files.ts', './test/repeated-tests.ts'],
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          setupFiles: ['test/cpu-time.ts'],
          include: [`${roots}/*.test.ts`],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.integration.test.ts', ...unasked],
          // Modules are loaded once for all files, which therefore leave nothing of themselves behind.
          isolate: false,
          maxWorkers: '100%',
          // Ten times what the longest takes: a machine may be that busy.
          testTimeout: 60_000,
          // Some of them listen on ports or start threads; test/repeated-tests.ts tells of those that needed it.
          retry: 1,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          setupFiles: ['test/cpu-time.ts'],
          include: [`${roots}/*.integration.test.ts`],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['test/redis-setup.ts'],
          pool: 'forks',
          // A second thread of an engine that paints tiny pictures waits without resting: three quarters of the
          // engine's time.
          env: { THREADS: '1' },
          // A package of these exports sources under our condition, in TypeScript, which Node reads nowhere below
          // node_modules.
          server: { deps: { inline: [/\/(@ai-sdk|ai|eventsource-parser)\//] } },
          // Half of a file's time is waiting, but three at once run into the time limits of real processes.
          maxWorkers: 2,
          // Real processes, each with its own clock and time limits: one repeat tells a busy machine from a fault.
          retry: 1,
          // Who polls is content as soon as it holds; a busy machine takes longer than the second that is vitest's own
          // limit.
          expect: { poll: { timeout: 10_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
