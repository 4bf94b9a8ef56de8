import { quantile } from '../quantile.ts'
import type { Figures } from './neighbour.ts'

/** What the service promises others under every attack. */
const promised = { livezMs: 1000, submitMs: 2000, memoryMb: 600 }

const columns = [10, 10, 10, 10, 9, 9]
const row = (name: string, cells: string[]) =>
  `${name.padEnd(64)}${cells.map((cell, i) => cell.padStart(columns[i] ?? 0)).join('')}`

export const heading = row('attack', ['livez p50', 'max ms', 'submit p50', 'max ms', 'refused', 'api MB'])

/** One line of the table: what the neighbour met, and whether it is what is promised. */
export function line(names: readonly string[], { livez, submit, refused, memoryMb, alive }: Figures): string {
  const ms = (times: number[], q: number) => quantile(times, q).toFixed(0)
  const [livezMax, submitMax] = [Math.max(...livez), Math.max(...submit)]
  const count = [...refused.values()].reduce((sum, each) => sum + each, 0)
  const statuses = [...refused].map(([status, times]) => `${times} × ${status || 'no answer'}`).join(', ')
  const kept =
    alive &&
    count === 0 &&
    livezMax <= promised.livezMs &&
    submitMax <= promised.submitMs &&
    memoryMb <= promised.memoryMb
  const verdict = alive ? (kept ? '  kept' : '  BROKEN') : '  STOPPED'
  const cells = [
    ms(livez, 0.5),
    ms(livez, 1),
    ms(submit, 0.5),
    ms(submit, 1),
    `${count}/${submit.length}`,
    memoryMb.toFixed(0),
  ]
  return `${row(names.join(' + '), cells)}${verdict}${statuses && ` (${statuses})`}`
}
