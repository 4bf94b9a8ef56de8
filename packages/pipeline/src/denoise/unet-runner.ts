import type { UnetSignature } from '../folder/signature.ts'
import type { GraphRow, RowSession } from '../ort/graph.ts'
import { readFloats, sharedNumbers, sharedValues, writeFloats } from '../ort/values.ts'
import type { UnetRow } from './unet-row.ts'

/** Asks the UNet about rows of one generation; it does not matter to an answer which rows are answered with it. */
export interface UnetRunner {
  /**
   * Answers each row's output, planar as its latents: it is overwritten when the row is asked about again. Rows that
   * are asked about together have to be fit for one call.
   */
  run(rows: readonly UnetRow[]): Promise<Float32Array[]>
  /** The rows will not be asked about any more. */
  close(): void
}

interface KnownRow {
  number: number
  row: GraphRow
  answer: Float32Array
}

/**
 * The one that asks the UNet. A row is told to the device once, with all that stays the same over the steps, converted
 * to the graph's types.
 *
 * @param size of the latents
 * @param weight the share of the device beside generations with other models
 */
export function unetRunner(
  session: Pick<RowSession, 'inputs' | 'outputs' | 'rows'>,
  signature: UnetSignature,
  { channels, height, width }: { channels: number; height: number; width: number },
  weight = 1,
): UnetRunner {
  const types = new Map([...session.inputs, ...session.outputs].map(({ name, type }) => [name, type]))
  const typeOf = (name: string): string => types.get(name) ?? 'float32'
  const { sample, timestep, timestepRank, timestepType, timestepPerRow, output } = signature
  const known = new Map<UnetRow, KnownRow>()

  function know(row: UnetRow): KnownRow {
    const dims = [signature.channels, height, width]
    const inputs = { [sample]: sharedValues(typeOf(sample), { data: row.sample, dims }) }
    for (const [name, floats] of Object.entries(row.inputs)) inputs[name] = sharedValues(typeOf(name), floats)
    const length = channels * height * width
    const data = sharedNumbers(typeOf(output), length)
    const graphRow: GraphRow = {
      sample,
      inputs,
      output: { type: typeOf(output), data, dims: [channels, height, width] },
      outputName: output,
      timestep: { name: timestep, type: timestepType, rank: timestepRank, perRow: timestepPerRow },
      weight,
    }
    const answer = data instanceof Float32Array ? data : new Float32Array(length)
    const fresh = { number: session.rows.add(graphRow), row: graphRow, answer }
    known.set(row, fresh)
    return fresh
  }

  return {
    async run(rows) {
      const asked = rows.map((row) => known.get(row) ?? know(row))
      asked.forEach(({ row }, i) => {
        writeFloats(row.inputs[sample], rows[i].sample)
      })
      await session.rows.ask(
        asked.map(({ number }) => number),
        rows.map((row) => row.timestep),
      )
      return asked.map(({ row, answer }) => {
        if (answer !== row.output.data) readFloats(row.output, answer)
        return answer
      })
    },
    close() {
      session.rows.drop([...known.values()].map(({ number }) => number))
      known.clear()
    },
  }
}
