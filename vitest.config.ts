import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const conditions = ['source', 'node', 'import']

// Workspace packages resolve to their TypeScript sources through the `source` export condition, so tests need no build.
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // What is set up for all tests is loaded in an environment of its own.
  environments: { __vitest__: { resolve: { conditions } } },
}

const roots = '{packages,services,scripts,bench,deploy,docs,tools}/**'

// Run only where a service is named.
const unasked = process.env.S3_TEST_URL ? [] : ['**/s3-service.test.ts']

/** What takes longest begins first: at the end everything would wait for it. */
const long = [
  '/bench/chaos/',
  '/playground/src/playground.',
  '/deploy/object-storage',
  '/cli/src/service.',
  '/parity/',
  '/worker/src/main.',
  '/worker/src/generate/',
  '/cuda/bring-cuda.',
  '/scripts/signals.',
  '/engine/engine.',
  '/api/src/drain.',
  '/state/src/redis/',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((part) => moduleId.includes(part))
      return at < 0 ? long.length : at
    }
    return sorted.sort((a, b) => rank(a) - rank(b))
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
          // Some of them listen on ports, start threads or look at the clock, beside three files that start programs;
          // test/repeated-tests.ts tells of those that needed it.
          retry: 2,
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
          // As in unit tests: to load the api anew for each file took a sixth of all time.
          isolate: false,
          // A second thread of an engine that paints tiny pictures waits without resting: three quarters of the
          // engine's time.
          env: { THREADS: '1' },
          // A package of these exports sources under our condition, in TypeScript, which Node reads nowhere below
          // node_modules.
          server: { deps: { inline: [/\/(@ai-sdk|ai|eventsource-parser)\//] } },
          // Half of a file's time is waiting. More at once run into the time limits of real processes.
          maxWorkers: 3,
          // Real processes, each with its own clock and time limits: repeats tell a busy machine from a fault.
          retry: 2,
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
