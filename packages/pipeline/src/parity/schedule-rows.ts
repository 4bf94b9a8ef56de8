import { a1111Sigmas, type CurveName } from '../schedules/a1111-schedule.ts'
import { alignYourSteps } from '../schedules/align-your-steps.ts'
import { noiseTable } from '../schedules/noise-table.ts'
import { doubles, reference } from './reference.ts'
import { type ParityRow, worst } from './row.ts'

interface SchedulesFixture {
  lists: { schedule: string; steps: number; sigmas: string }[]
}

const kDiffusion = ['karras', 'exponential', 'polyexponential']

/** Every schedule of AUTOMATIC1111's, at 1 to 150 steps. */
export function scheduleRows(): ParityRow[] {
  const { lists } = reference<SchedulesFixture>('schedules')
  return [...new Set(lists.map(({ schedule }) => schedule))].map((schedule) => {
    const same = lists.filter((list) => list.schedule === schedule && hasSameLength(schedule, list.steps))
    return {
      group: 'Schedules',
      subject: schedule,
      reference: kDiffusion.includes(schedule) ? `k-diffusion get_sigmas_${schedule}` : 'AUTOMATIC1111',
      unit: 'largest relative difference of a sigma',
      limit: 1e-12,
      extent: `${same.length} lengths`,
      measure: () => worst(same.map(({ steps, sigmas }) => relativeDifference(schedule, steps, doubles(sigmas)))),
    }
  })
}

/** AUTOMATIC1111's ddim gives as many sigmas as asked for only where the steps divide its thousand timesteps. */
function hasSameLength(schedule: string, steps: number): boolean {
  return schedule !== 'ddim' || 1000 % steps === 0
}

function relativeDifference(name: string, steps: number, expected: Float64Array): number {
  const points = name.endsWith('_xl') ? alignYourSteps.xl : alignYourSteps.sd
  const schedule = name.replace('_xl', '') as CurveName
  const sigmas = a1111Sigmas(schedule, 'euler', steps, { table: noiseTable(), alignYourSteps: points })
  if (sigmas.length !== expected.length) return Number.POSITIVE_INFINITY
  return worst(sigmas.map((sigma, i) => (sigma === expected[i] ? 0 : Math.abs(sigma / expected[i] - 1))))
}
