import type { UnetSignature } from '../folder/signature.ts'
import type { Floats, Session } from '../ort/session.ts'
import type { UnetRow } from './unet-row.ts'

/** Asks the UNet about rows that can be joined, in one run. Answers each row's output, planar as its latents. */
export type UnetRunner = (rows: readonly UnetRow[]) => Promise<Float32Array[]>

/**
 * The one that calls the UNet. Its buffers are kept from run to run, so that it serves one caller at a time.
 *
 * @param size of the latents
 */
export function unetRunner(
  session: Pick<Session, 'run'>,
  signature: UnetSignature,
  { height, width }: { height: number; width: number },
): UnetRunner {
  const buffers = new Map<string, Float32Array>()

  /** One input of all rows, one after another. */
  function joined(name: string, rows: readonly Float32Array[], dims: readonly number[]): Floats {
    const size = rows[0].length
    const key = `${name} ${rows.length * size}`
    const data = buffers.get(key) ?? new Float32Array(rows.length * size)
    buffers.set(key, data)
    rows.forEach((row, i) => {
      data.set(row, i * size)
    })
    return { data, dims: [rows.length, ...dims] }
  }

  return async (rows) => {
    const sample = rows.map((row) => row.sample)
    const feeds: Record<string, Floats> = {
      [signature.sample]: joined(signature.sample, sample, [signature.channels, height, width]),
      [signature.timestep]: timesteps(signature, rows),
    }
    for (const [name, { dims }] of Object.entries(rows[0].inputs)) {
      const parts = rows.map((row) => row.inputs[name].data)
      feeds[name] = joined(name, parts, dims)
    }
    const { data } = (await session.run(feeds, [signature.output]))[signature.output]
    const length = data.length / rows.length
    return rows.map((_, i) => data.subarray(i * length, (i + 1) * length))
  }
}

/** One number where all rows are told the same, as every export takes it; else one for each row, where the graph has a place for them. */
function timesteps({ timestepRank, timestepPerRow }: UnetSignature, rows: readonly UnetRow[]): Floats {
  const [{ timestep }] = rows
  if (rows.every((row) => row.timestep === timestep)) {
    return { data: Float32Array.of(timestep), dims: timestepRank === 0 ? [] : [1] }
  }
  if (!timestepPerRow) throw new TypeError('This UNet is told one timestep for all rows of a run.')
  return { data: Float32Array.from(rows, (row) => row.timestep), dims: [rows.length] }
}
