import type { ParityRow } from './row.ts'

/** A table of docs/parity.md: what is compared in one way. */
export interface ParityTable {
  /** All that stands before its lines. */
  head: string
  lines: ParityLine[]
}

/** A line of a table: a figure for each of the rows follows what they share. */
export interface ParityLine {
  start: string
  rows: ParityRow[]
}

const preface = `# Parity

How far Pentimento's pipeline is from the implementations that it reproduces: the largest difference that was found, below the
largest that is allowed. Made by \`npm run parity -- --write\`; the tests measure every figure again and fail when one grows.
The references' answers are recorded by [tools/reference](../tools/reference/README.md), with their versions: diffusers with
the mean of its VAE's posterior, AUTOMATIC1111's path written anew on k-diffusion, Pillow and OpenCV. What is different on
purpose is listed in [samplers.md](samplers.md).
`

/** docs/parity.md, with the figure of each row. */
export function parityDocument(figures: ReadonlyMap<ParityRow, string>): string {
  const tables = parityTables([...figures.keys()]).map(({ head, lines }) =>
    [
      head,
      ...lines.map(({ start, rows }) => `${start}${rows.map((row) => `${figures.get(row)} |`).join(' ')}`),
      '',
    ].join('\n'),
  )
  return [preface, ...tables].join('\n')
}

/** Rows of one subject share a line, lines of the same measures a table; what all lines of a table have alike is said above it. */
export function parityTables(rows: readonly ParityRow[]): ParityTable[] {
  const lines = Map.groupBy(rows, (row) => [row.group, subjectOf(row), row.reference, row.extent].join('\n'))
  const tables = Map.groupBy(lines.values(), ([first, ...more]) =>
    [first?.group, first?.varies, first, ...more]
      .map((row) => (typeof row === 'object' ? measureOf(row) : row))
      .join('\n'),
  )
  let group = ''
  return [...tables.values()].map((own) => {
    const first = own[0]?.[0]
    if (first === undefined) throw new RangeError('a table of nothing')
    const title = first.group === group ? [] : [`## ${first.group}`, '']
    group = first.group
    const alike = (['reference', 'extent'] as const).filter((key) => own.every(([row]) => row?.[key] === first[key]))
    const apart = (['reference', 'extent'] as const).filter((key) => !alike.includes(key))
    const said = [...alike.map((key) => `${names[key]} ${first[key]}`), ...(first.varies ? [first.varies] : [])]
    const columns = ['what', ...apart.map((key) => names[key]), ...(own[0] ?? []).map(measureOf)]
    return {
      head: [
        ...title,
        ...(said.length > 0 ? [`${capital(said.join('; '))}.`, ''] : []),
        `| ${columns.join(' | ')} |`,
        `|${'---|'.repeat(columns.length)}`,
      ].join('\n'),
      lines: own.map((members) => {
        const shared = members.slice(0, 1).flatMap((row) => [subjectOf(row), ...apart.map((key) => row[key])])
        return { start: `| ${shared.join(' | ')} | `, rows: members }
      }),
    }
  })
}

const names = { reference: 'against', extent: 'compared' }

function subjectOf({ subject }: ParityRow): string {
  return subject.split(': ')[0] ?? ''
}

function measureOf({ subject, unit, limit }: ParityRow): string {
  const aspect = subject.split(': ')[1]
  return `${aspect ? `${aspect}: ` : ''}${unit}, at most ${figure(limit)}`
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** A number rounded up to two digits, so that what is measured again is never above it. */
export function figure(value: number): string {
  if (value === 0 || (Number.isInteger(value) && value < 1000)) return String(value)
  const exponent = Math.floor(Math.log10(value))
  const digits = Math.ceil((value / 10 ** exponent) * 10 - 1e-9) / 10
  return digits >= 10 ? `1e${exponent + 1}` : `${digits}e${exponent}`
}
