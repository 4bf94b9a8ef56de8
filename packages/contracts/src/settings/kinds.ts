import { z } from 'zod'

/** A number from `min` to `max`. */
export function numberFrom(min: number, max: number) {
  const error = `must be a number from ${min} to ${max}`
  return z.coerce.number({ error }).min(min, error).max(max, error)
}

/** A port to listen on. */
export const port = wholeFrom(1, 65_535, 'must be a port from 1 to 65535')
/** A port to listen on, or 0 for a free one. */
export const anyPort = wholeFrom(0, 65_535, 'must be a port from 1 to 65535, or 0 for a free one')

/** A whole number from `min` to `max`. */
export function wholeFrom(min: number, max: number, error = `must be a whole number from ${min} to ${max}`) {
  return z.coerce.number({ error }).int(error).min(min, error).max(max, error)
}

/** `on` or `off`. */
export const onOff = z.enum(['on', 'off'], 'must be on or off').transform((value) => value === 'on')

/** Entries between commas, without the spaces around them; empty ones do not count. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
)

/** Seconds, or a number with ms, s, m or h; becomes milliseconds. */
export const duration = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim())
  const scale = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000
  const ms = Number(match?.[1]) * scale
  // Timers of Node hold 31 bits.
  if (match && ms >= 1 && ms < 2 ** 31) return ms
  context.addIssue('must be a time such as 900, 900s or 15m, at most 24 days')
  return z.NEVER
})

/** Bytes, or a number with K, M, G or T (powers of 1024); becomes bytes. */
export const memorySize = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim())
  const bytes = Number(match?.[1]) * 1024 ** ' KMGT'.indexOf(match?.[2]?.toUpperCase() || ' ')
  if (match && bytes >= 1) return Math.floor(bytes)
  context.addIssue('must be a size such as 12G or 512M')
  return z.NEVER
})
