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

How far Pentimento's pipeline is from what it reproduces: the largest difference found, below the largest allowed. Made by
\`npm run parity -- --write\`; the tests measure every figure again and fail when one grows. The references are recorded by
[tools/reference](../tools/reference/README.md): diffusers with the mean of its VAE's posterior, also on small files that its
\`from_single_file\` reads; AUTOMATIC1111's path written anew on k-diffusion, Pillow and OpenCV. What differs on purpose is
listed in [samplers.md](samplers.md). The tiny models are no architecture that a checkpoint could hold, so that all their
requests are repeated [on small checkpoints](../tools/checkpoints/README.md): file and folder paint the same bytes,
where a file can state the scheduler, and an ONNX export of the same weights is within the limits of whole pictures.
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

/**
 * Rows of one subject share a line, lines of the same measures a table; what all lines of a table have alike is said
 * above it.
 */
export function parityTables(rows: readonly ParityRow[]): ParityTable[] {
  const lines = Map.groupBy(rows, (row) => [row.group, subjectOf(row), row.reference, row.extent].join('\n'))
  const tables = Map.groupBy(lines.values(), ([first, ...more]) =>
    [first?.group, first?.varies, first, ...more]
      .map((row) => (typeof row === 'object' ? measureOf(row) : row))
      .join('\n'),
  )
  return [...tables.values()].map((own, i, all) => layOut(own, all[i - 1]?.[0]?.[0]?.group))
}

function layOut(lines: readonly ParityRow[][], groupBefore: string | undefined): ParityTable {
  const firsts = lines.flatMap(([row]) => row ?? [])
  const [first] = firsts
  if (first === undefined) throw new RangeError('a table of nothing')
  const has = (of: (row: ParityRow) => string) => new Set(firsts.map(of)).size > 1
  const counted = has(({ extent }) => extent) && !has(thingsOf)
  const columns: { name: string; cell: (row: ParityRow) => string }[] = [
    { name: 'what', cell: subjectOf },
    ...(has(({ reference }) => reference) ? [{ name: 'against', cell: ({ reference }: ParityRow) => reference }] : []),
    ...(counted ? [{ name: thingsOf(first), cell: ({ extent }: ParityRow) => extent.split(' ')[0] ?? '' }] : []),
    ...(has(thingsOf) ? [{ name: 'compared', cell: ({ extent }: ParityRow) => extent }] : []),
  ]
  const said = [
    ...(has(({ reference }) => reference) ? [] : [`against ${first.reference}`]),
    ...(has(({ extent }) => extent) ? [] : [first.extent]),
    ...(first.varies ? [first.varies] : []),
  ].join('; ')
  const names = [...columns.map(({ name }) => name), ...(lines[0] ?? []).map(measureOf)]
  return {
    head: [
      ...(first.group === groupBefore ? [] : [`## ${first.group}`, '']),
      ...(said === '' ? [] : [`${said.slice(0, 1).toUpperCase()}${said.slice(1)}.`, '']),
      `| ${names.join(' | ')} |`,
      `|${'---|'.repeat(names.length)}`,
    ].join('\n'),
    lines: lines.map((rows) => ({
      start: `| ${rows
        .slice(0, 1)
        .flatMap((row) => columns.map(({ cell }) => cell(row)))
        .join(' | ')} | `,
      rows,
    })),
  }
}

/** Of what there are so many, as "pictures". */
function thingsOf({ extent }: ParityRow): string {
  return extent.replace(/^\d+ /, '')
}

function subjectOf({ subject }: ParityRow): string {
  return subject.split(': ')[0] ?? ''
}

function measureOf({ subject, unit, limit }: ParityRow): string {
  const aspect = subject.split(': ')[1]
  return `${aspect ? `${aspect}: ` : ''}${unit}, at most ${figure(limit)}`
}

/** A number rounded up to two digits, so that what is measured again is never above it. */
export function figure(value: number): string {
  if (value === 0 || (Number.isInteger(value) && value < 1000)) return String(value)
  const exponent = Math.floor(Math.log10(value))
  const digits = Math.ceil((value / 10 ** exponent) * 10 - 1e-9) / 10
  return digits >= 10 ? `1e${exponent + 1}` : `${digits}e${exponent}`
}
