import type { ParityRow } from './row.ts'

export interface MeasuredRow extends ParityRow {
  measured: number
}

const head = `# Parity

How far Pentimento's pipeline is from the implementations that it reproduces. Made by \`npm run parity -- --write\`; the tests
measure every line again and fail when one grows. The references' answers are recorded by
[tools/reference](../tools/reference/README.md), with their versions. What is different on purpose is listed in
[samplers.md](samplers.md).
`

/** docs/parity.md: a table for each group, a line for each row. */
export function parityDocument(rows: readonly MeasuredRow[]): string {
  const groups = Map.groupBy(rows, ({ group }) => group)
  return [head, ...groups.entries().map(([group, own]) => table(group, own))].join('\n')
}

function table(group: string, rows: readonly MeasuredRow[]): string {
  const lines = rows.map((row) => `| ${cells(row).join(' | ')} |`)
  return `## ${group}\n\n| what | against | compared | measure | largest | allowed |\n|---|---|---|---|---|---|\n${lines.join('\n')}\n`
}

function cells({ subject, reference, extent, unit, measured, limit, varies }: MeasuredRow): string[] {
  return [
    subject,
    reference,
    extent,
    unit,
    varies ? `${figure(measured)} (${varies})` : figure(measured),
    figure(limit),
  ]
}

/** A number rounded up to two digits, so that what is measured again is never above it. */
export function figure(value: number): string {
  if (value === 0 || (Number.isInteger(value) && value < 1000)) return String(value)
  const exponent = Math.floor(Math.log10(value))
  const digits = Math.ceil((value / 10 ** exponent) * 10 - 1e-9) / 10
  return digits >= 10 ? `1e${exponent + 1}` : `${digits}e${exponent}`
}
