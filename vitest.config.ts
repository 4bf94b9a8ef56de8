import { defineConfig } from 'vitest/config'

const conditions = ['source', 'node', 'import']

// Workspace packages resolve to their TypeScript sources through the `source` export condition, so tests need no build.
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
}

const roots = '{packages,services,scripts,bench,deploy,docs,tools}/**'

// Run only where a service is named.
const unasked = process.env.S3_TEST_URL ? [] : ['**/s3-service.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: [`${roots}/*.test.ts`],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.integration.test.ts', ...unasked],
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: [`${roots}/*.integration.test.ts`],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['test/redis-setup.ts'],
          pool: 'forks',
          // Most of a file's time is waiting: three at once keep two cores busy.
          maxWorkers: 3,
          // Real processes, each with its own clock and time limits: one repeat tells a busy machine from a fault.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
