/**
 * Milliseconds on an NVIDIA H200, float16, SD 1.5 at 512 × 512, with a UNet of fused operators: medians of 12 calls of
 * so many rows. docs/performance.md says how they were measured.
 */
const unetTable: readonly (readonly [rows: number, ms: number])[] = [
  [1, 10.2],
  [2, 8.4],
  [4, 12.6],
  [8, 21.4],
  [16, 39.8],
  [32, 79],
]
/** Latents of 512 × 512 pixels. */
const measuredArea = 64 * 64

/**
 * How many times as slow the clock is: where cores are few or shared, what is beside the device takes a smaller part of
 * the time so. Under a name that the worker hands on to its engine.
 */
export const slowness = Number(process.env.CUDA_BENCH_SLOWNESS ?? 1)

/** Of one call of the UNet, between the rows that were measured along a line, and in proportion to the latents. */
export function unetMs(rows: number, area: number = measuredArea): number {
  const above = unetTable.findIndex(([measured]) => measured >= rows)
  const [highRows, highMs] = unetTable[above === -1 ? unetTable.length - 1 : above] ?? [1, 0]
  const [lowRows, lowMs] = unetTable[Math.max(0, above - 1)] ?? [1, 0]
  const ms =
    above === -1
      ? (highMs / highRows) * rows
      : highRows === lowRows
        ? highMs
        : lowMs + ((highMs - lowMs) * (rows - lowRows)) / (highRows - lowRows)
  return (slowness * ms * area) / measuredArea
}

/**
 * What a picture took inside onnxruntime beside its 25 calls of the UNet, 44 ms, divided as the sizes of the networks
 * suggest.
 */
export const textMs = 3 * slowness
export function vaeMs(isEncoder: boolean, area: number = measuredArea): number {
  return (slowness * (isEncoder ? 10 : 28) * area) / measuredArea
}
