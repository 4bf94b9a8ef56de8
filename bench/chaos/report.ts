import { quantile } from '../quantile.ts'
import type { ChaosResult } from './chaos.ts'

/** What is printed at the end of a run, and kept in `bench/results/chaos.md`. */
export function report(result: ChaosResult): string {
  const waits = result.waits.map(({ ms }) => ms)
  const after = Map.groupBy(result.waits, ({ fault }) => fault)
  const byFault = [...after]
    .map(([fault, list]) => [fault, list.map(({ ms }) => ms)] as const)
    .toSorted((a, b) => Math.max(...b[1]) - Math.max(...a[1]))
    .map(([fault, list]) => `${fault} ${list.length}: p99 ${seconds(quantile(list, 0.99))}`)
  const lost = result.interrupted ? 'end not seen yet' : 'lost            '
  return `${result.interrupted ? '\nINTERRUPTED: what was counted until then\n' : ''}
faults               ${sum(result.faults)}: ${told(result.faults)}
answers              ${told(result.answers)}
accepted             ${result.accepted} in ${(result.seconds / 60).toFixed(1)} minutes
succeeded            ${result.succeeded}
ended otherwise      ${told(result.failed)}
not explained        ${named(result.unexplained)}
${lost}     ${named(result.lost)}
doubled results      ${named(result.doubled)}
webhooks missing     ${named(result.webhooksMissing)}
interrupted jobs     ${waits.length + result.stuck.length}, of which never resumed ${named(result.stuck)}
recovery             p50 ${seconds(quantile(waits, 0.5))}, p99 ${seconds(quantile(waits, 0.99))}, longest ${seconds(Math.max(0, ...waits))}
recovery by fault    ${byFault.join(', ') || 'none'}`
}

/** Whether all that is promised was kept. */
export function isKept(result: ChaosResult): boolean {
  const { interrupted, unexplained, lost, doubled, webhooksMissing, stuck } = result
  return !interrupted && [unexplained, lost, doubled, webhooksMissing, stuck].every((list) => list.length === 0)
}

const seconds = (ms: number) => (Number.isNaN(ms) ? '-' : `${(ms / 1000).toFixed(1)} s`)
const sum = (counts: Map<string, number>) => [...counts.values()].reduce((all, count) => all + count, 0)
const told = (counts: Map<string, number>) =>
  [...counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'none'
const named = (list: string[]) => [list.length, ...list.slice(0, 20)].join(' ')
