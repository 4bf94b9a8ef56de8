import { PipelineError } from '../errors.ts'
import type { Graph, GraphRow } from './graph.ts'
import { copyNumbers, type Numbers, toValues, type Values } from './values.ts'

/** What a call of so many rows of one kind is made of, kept from call to call. */
export interface RowBatch {
  /** Runs the rows, and writes each one's answer to where it wants it. @throws as {@link Graph.run} */
  run(rows: readonly GraphRow[], timesteps: readonly number[]): Promise<void>
}

/**
 * Rows of equal kinds have inputs and answers of the same sizes, and are told timesteps in the same way: one call can
 * take them.
 */
export function kindOf({ inputs, output, timestep }: GraphRow): string {
  const sizes = Object.entries(inputs).map(([name, { dims }]) => `${name} ${dims.join('×')}`)
  return [...sizes, output.dims.join('×'), timestep.perRow].join()
}

/** What a call is fed with, and whose numbers lie at each place: those that do not change are not copied again. */
interface Filling {
  joined: ReadonlyMap<string, Values>
  held: (GraphRow | undefined)[]
}

/** Of one size: groups of rows that take turns find theirs again. */
const keptFillings = 3

/**
 * A call of `size` rows like `first`. Where there are fewer, what lay at the other places before stands there again.
 *
 * @param told each row's own timestep where the graph takes it, also where all are the same: one shape for all calls
 */
export function rowBatch(graph: Graph, first: GraphRow, size: number, told: boolean): RowBatch {
  const { timestep, sample, outputName } = first
  let answers: Record<string, Values> = {}
  /** The latest used is the last. */
  const fillings: Filling[] = []

  function newFilling(): Filling {
    const joined = new Map<string, Values>()
    for (const [name, { type, data, dims }] of Object.entries(first.inputs)) {
      const numbers = new (data.constructor as new (length: number) => Numbers)(size * data.length)
      joined.set(name, { type, data: numbers, dims: [size, ...dims] })
    }
    return { joined, held: Array.from({ length: size }) }
  }

  /** That which holds the most of them; one that holds none only where there are enough. */
  function fillingFor(rows: readonly GraphRow[]): Filling {
    const count = ({ held }: Filling) => rows.filter((row) => held.includes(row)).length
    const best = fillings.reduce<Filling | undefined>(
      (one, other) => (one && count(one) >= count(other) ? one : other),
      undefined,
    )
    const isNew = !best || (count(best) === 0 && fillings.length < keptFillings)
    const filling = isNew ? newFilling() : best
    if (!isNew) fillings.splice(fillings.indexOf(filling), 1)
    fillings.push(filling)
    return filling
  }

  return {
    async run(rows, timesteps) {
      const { joined, held } = fillingFor(rows)
      const free = held.flatMap((row, place) => (row && rows.includes(row) ? [] : [place]))
      const places = rows.map((row) => {
        const place = held.indexOf(row)
        return place === -1 ? (free.shift() ?? 0) : place
      })
      const times = new Array<number>(size).fill(timesteps[0])
      rows.forEach((row, i) => {
        const place = places[i]
        for (const [name, { data }] of joined) {
          const own = row.inputs[name].data
          if (name === sample || held[place] !== row) copyNumbers(data, own, place * own.length)
        }
        held[place] = row
        times[place] = timesteps[i]
      })
      const feeds = { [timestep.name]: timestepValues(timestep, times, told), ...Object.fromEntries(joined) }
      answers = await graph.run(feeds, [outputName], answers)
      const { data } = answers[outputName]
      if (data.length !== size * first.output.data.length) {
        throw new PipelineError('model_unusable', 'The UNet does not answer latents of the size that it was given.')
      }
      rows.forEach(({ output }, i) => {
        const { length } = output.data
        copyNumbers(output.data, data.subarray(places[i] * length, (places[i] + 1) * length), 0)
      })
    },
  }
}

/** One number where all rows are told the same, as every export takes it; else one for each row. */
function timestepValues({ type, rank, perRow }: GraphRow['timestep'], times: number[], told: boolean): Values {
  const isOne = times.every((time) => time === times[0]) && !(told && perRow)
  const numbers = isOne ? times.slice(0, 1) : times
  if (!isOne && !perRow) throw new TypeError('This UNet is told one timestep for all rows of a run.')
  return toValues(type, { data: Float32Array.from(numbers), dims: isOne && rank === 0 ? [] : [numbers.length] })
}
