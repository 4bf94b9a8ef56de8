/**
 * Sources whose mistakes show in pictures, in what is owed to whom, or in what is let in, and the tests that should
 * notice them.
 */
export interface Target {
  sources: string[]
  needsRedis?: boolean
  /** Tried in this order, until one fails: each as a file, and the tests in it by their names. */
  tests: { file: string; names?: string }[]
}

const pipeline = 'packages/pipeline/src'
const parity = (group: string) => ({
  file: `${pipeline}/parity/parity.test.ts`,
  names: `^what docs/parity.md says holds > ${group}`,
})

export const targets: Record<string, Target> = {
  samplers: {
    sources: [`${pipeline}/samplers/*.ts`],
    tests: [
      { file: `${pipeline}/samplers/samplers.test.ts` },
      { file: `${pipeline}/samplers/convergence.test.ts` },
      parity('Samplers'),
      parity('diffusers schedulers'),
    ],
  },
  schedules: {
    sources: [`${pipeline}/schedules/*.ts`],
    tests: [
      { file: `${pipeline}/schedules/schedules.test.ts` },
      { file: `${pipeline}/schedules/beta.test.ts` },
      { file: `${pipeline}/schedules/scheduler-config.test.ts` },
      parity('Schedules'),
      parity('diffusers schedulers'),
    ],
  },
  guidance: {
    sources: [`${pipeline}/denoise/guidance.ts`, `${pipeline}/denoise/prediction.ts`],
    tests: [{ file: `${pipeline}/denoise/guidance.test.ts` }, { file: `${pipeline}/denoise/prediction.test.ts` }],
  },
  masks: {
    sources: [
      `${pipeline}/denoise/masked.ts`,
      `${pipeline}/images/mask.ts`,
      `${pipeline}/images/crop-region.ts`,
      `${pipeline}/images/overlay.ts`,
    ],
    tests: [
      { file: `${pipeline}/denoise/masked.test.ts` },
      { file: `${pipeline}/images/mask.test.ts` },
      { file: `${pipeline}/images/crop-region.test.ts` },
      { file: `${pipeline}/images/overlay.test.ts` },
    ],
  },
  limits: {
    sources: [
      'packages/vocabulary/src/rules.ts',
      'packages/vocabulary/src/steps.ts',
      'services/api/src/http/upload-budget.ts',
    ],
    tests: [
      { file: 'packages/vocabulary/src/rules.test.ts' },
      { file: 'packages/vocabulary/src/steps.test.ts' },
      { file: 'services/api/src/http/upload-budget.test.ts' },
    ],
  },
  fairness: {
    sources: ['packages/state/src/lua/fair.ts'],
    needsRedis: true,
    tests: [{ file: 'packages/state/src/queue/fair.integration.test.ts' }],
  },
  accept: {
    sources: ['services/api/src/submit/accept.ts'],
    needsRedis: true,
    tests: [
      { file: 'services/api/src/accept.integration.test.ts' },
      { file: 'services/api/src/submit/submit.integration.test.ts' },
      { file: 'services/api/src/keys.integration.test.ts' },
      { file: 'services/api/src/outage.integration.test.ts' },
    ],
  },
}
