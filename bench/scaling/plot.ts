import type { Simulated } from './scenarios.ts'

const [width, height] = [760, 300]
const edge = { left: 44, right: 24, top: 34, bottom: 30 }

interface Line {
  name: string
  colour: string
  values: readonly number[]
  filled?: boolean
}

/** Workers over a day beside what comes, as SVG. */
export function plot({ load, rows }: Simulated, policies: readonly string[]): string {
  const colours = ['#c0392b', '#2471a3', '#7d8a97']
  const lines: Line[] = [
    { name: 'GPUs that what comes would keep busy', colour: '#e8c468', values: load, filled: true },
    ...policies.flatMap((policy, i) => {
      const row = rows.find(({ near }) => near.policy === policy)
      return row ? [{ name: policy, colour: colours[i] ?? '#000', values: row.near.workers.slice(0, load.length) }] : []
    }),
  ]
  const highest = Math.ceil(Math.max(...lines.flatMap(({ values }) => values)) / 5) * 5
  const x = (i: number, count: number) => edge.left + ((i + 0.5) / count) * (width - edge.left - edge.right)
  const y = (value: number) => height - edge.bottom - (value / highest) * (height - edge.top - edge.bottom)
  const hours = [0, 6, 12, 18, 24].map(
    (hour) =>
      `<text x="${x((hour / 24) * load.length - 0.5, load.length)}" y="${height - 10}" text-anchor="middle">${hour}:00</text>`,
  )
  const marks = Array.from({ length: highest / 5 + 1 }, (_, i) => i * 5).map(
    (value) =>
      `<line x1="${edge.left}" x2="${width - edge.right}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/><text x="${edge.left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  )
  const drawn = lines.map(({ colour, values, filled }) => {
    const points = values.map((value, i) => `${x(i, values.length).toFixed(1)},${y(value).toFixed(1)}`)
    const [first, last] = [x(0, values.length), x(values.length - 1, values.length)]
    return filled
      ? `<polygon points="${first},${y(0)} ${points.join(' ')} ${last},${y(0)}" fill="${colour}" opacity="0.6"/>`
      : `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.6"/>`
  })
  const names = lines.map(({ name, colour }, i) => {
    const left = edge.left + i * 250
    return `<rect x="${left}" y="12" width="12" height="12" fill="${colour}"/><text x="${left + 17}" y="22">${name}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" fill="#333">
<title>Workers over a day</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...marks, ...hours, ...drawn, ...names].join('\n')}
</svg>
`
}
