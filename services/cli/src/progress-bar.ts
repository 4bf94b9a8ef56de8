import { Presets, SingleBar } from 'cli-progress'

/** A progress bar on standard error; without a terminal, a line every few seconds. */
interface ProgressBar {
  update(done: number, payload?: Record<string, string>): void
  stop(): void
}

/**
 * `format` may use {bar}, {percentage}, {value}, {total}, {eta_formatted} and the payload's names; `show` turns values
 * into text ("12 MB").
 */
export function startProgressBar(
  total: number,
  format: string,
  show: (value: number) => string = String,
  payload: Record<string, string> = {},
): ProgressBar {
  const bar = new SingleBar(
    {
      format,
      formatValue: (value, _options, type) => (type === 'value' || type === 'total' ? show(value) : String(value)),
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 5000,
      etaBuffer: 50,
    },
    Presets.shades_grey,
  )
  bar.start(total, 0, payload)
  return { update: (done, values) => bar.update(done, values ?? {}), stop: () => bar.stop() }
}

/** 1536 → "1.5 kB", in decimal units as the hub shows sizes. */
export function showBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** unit
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${units[unit]}`
}
