import { arrivalMixes } from './demand.ts'
import { loadSeconds, startSeconds } from './measured.ts'
import { redisLoad } from './one-redis.ts'
import { gpuHourPrice, type Row, type Simulated } from './scenarios.ts'

/** The tables of docs/scaling.md that the simulation makes. */
export function policyTables(simulated: readonly Simulated[]): string {
  const [near, far] = [startSeconds.near, startSeconds.far].map((seconds) => Math.round(seconds + loadSeconds))
  const head = [
    `| | wait p50 | p99 | GPU-hours | at $${gpuHourPrice} | busy | wait p50 | p99 | GPU-hours | at $${gpuHourPrice} |`,
    '|---|---|---|---|---|---|---|---|---|---|',
  ]
  const tables = simulated.map(({ title, jobs, rows }) => {
    const caption = `**${title}** (${jobs.toLocaleString('en')} jobs in a day); a worker comes in ${near} s, on the right in ${far} s:`
    return [caption, '', ...head, ...rows.map(policyRow)].join('\n')
  })
  return tables.join('\n\n')
}

/** One line of them. */
export function policyRow({ near, far }: Row): string {
  const seconds = (value: number) => `${value > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)} s`
  const cells = [
    near.policy,
    seconds(near.waitP50),
    seconds(near.waitP99),
    near.gpuHours.toFixed(0),
    `$${(near.gpuHours * gpuHourPrice).toFixed(0)}`,
    `${(near.busy * 100).toFixed(0)} %`,
    seconds(far.waitP50),
    seconds(far.waitP99),
    far.gpuHours.toFixed(0),
    `$${(far.gpuHours * gpuHourPrice).toFixed(0)}`,
  ]
  return `| ${cells.join(' | ')} |`
}

/** What one Redis would have to carry. */
export function redisTable(): string {
  const rows = [10, 100, 1000].flatMap((gpus) =>
    arrivalMixes.map(({ name, mix }) => {
      const { jobsPerSecond, commandsPerSecond, cores, keys, memory } = redisLoad(gpus, mix)
      const cells = [
        `${gpus.toLocaleString('en')}, ${name}`,
        round(jobsPerSecond),
        `${round(commandsPerSecond / 1000)} k`,
        cores.toFixed(cores < 1 ? 2 : 1),
        `${round(keys / 1e6)} million`,
        `${round(memory / 1e9)} GB`,
      ]
      return `| ${cells.join(' | ')} |`
    }),
  )
  return [
    '| GPUs, always busy | jobs/s | commands/s | cores of Redis | keys | memory |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function round(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en')
}

/** The page with what stands between its markers made anew. */
export function fillPage(page: string, parts: Record<string, string>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const marked = new RegExp(`(<!-- made: ${name} -->\\n)[\\s\\S]*?(\\n<!-- end -->)`)
    if (!marked.test(text)) throw new Error(`docs/scaling.md has no place for ${name}`)
    return text.replace(marked, (_, begin: string, end: string) => `${begin}${part}${end}`)
  }, page)
}
