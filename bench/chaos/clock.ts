import { readFileSync } from 'node:fs'

// Loaded before the programs of a chaos run: what they take for the time of day is off by as many seconds as stand in
// the file CHAOS_CLOCK. Timers run on, as they do when somebody sets a machine's clock.

const file = process.env.CHAOS_CLOCK ?? ''
const { now } = Date
let offsetMs = 0

function look(): void {
  try {
    offsetMs = 1000 * Number(readFileSync(file, 'utf8'))
  } catch {
    offsetMs = 0
  }
}

look()
setInterval(look, 200).unref()

const shifted = () => now() + offsetMs
globalThis.Date = new Proxy(Date, {
  construct: (date, args, made) => Reflect.construct(date, args.length === 0 ? [shifted()] : args, made),
  get: (date, name) => (name === 'now' ? shifted : Reflect.get(date, name)),
})
