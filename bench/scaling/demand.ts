import { jobClasses } from './measured.ts'
import { seededRandom } from './seeded-random.ts'

/** What clients ask for in a day, by the second. */
export interface Demand {
  hours: number
  /** Jobs a second, on average and at the daily peak. */
  night: number
  day: number
  /** Times of a burst, for some minutes, in a day; and how many times as much then comes. */
  bursts: number
  burstMinutes: number
  burstFactor: number
  /** Shares of the classes by day and by night, when batches of large pictures come. */
  dayMix: readonly number[]
  nightMix: readonly number[]
}

export interface Arrival {
  at: number
  /** Index into the classes. */
  kind: number
}

/** A service with many users. */
export const busy: Demand = {
  hours: 24,
  night: 1,
  day: 6,
  bursts: 6,
  burstMinutes: 10,
  burstFactor: 4,
  dayMix: [0.8, 0.15, 0.05],
  nightMix: [0.55, 0.15, 0.3],
}

/** What comes by day and by night, as the table of one Redis has it. */
export const arrivalMixes = [
  { name: 'by day', mix: busy.dayMix },
  { name: 'large pictures', mix: busy.nightMix },
]

/** A model that a few people ask for, in office hours. */
export const seldom: Demand = {
  hours: 24,
  night: 0.0003,
  day: 0.02,
  bursts: 2,
  burstMinutes: 10,
  burstFactor: 20,
  dayMix: [0.7, 0.2, 0.1],
  nightMix: [0.7, 0.2, 0.1],
}

/** From 0 at night to 1 at three in the afternoon. */
function daylight(seconds: number): number {
  const hour = (seconds / 3600) % 24
  return ((1 + Math.cos(((hour - 15) / 12) * Math.PI)) / 2) ** 2
}

/** Jobs in the order in which they come: a Poisson process whose rate follows the day, thinned (Lewis, Shedler 1979). */
export function arrivals(demand: Demand, seed: number): Arrival[] {
  const random = seededRandom(seed)
  const seconds = demand.hours * 3600
  const bursts = Array.from({ length: demand.bursts }, () => random() * seconds)
  const isBurst = (at: number) => bursts.some((start) => at >= start && at < start + demand.burstMinutes * 60)
  const rate = (at: number) =>
    (demand.night + (demand.day - demand.night) * daylight(at)) * (isBurst(at) ? demand.burstFactor : 1)
  const highest = demand.day * demand.burstFactor
  const found: Arrival[] = []
  for (let at = 0; ; ) {
    at += -Math.log(1 - random()) / highest
    if (at >= seconds) return found
    if (random() * highest > rate(at)) continue
    found.push({ at, kind: pick(random(), daylight(at) > 0.2 ? demand.dayMix : demand.nightMix) })
  }
}

function pick(drawn: number, mix: readonly number[]): number {
  let rest = drawn
  const kind = mix.findIndex((share) => {
    rest -= share
    return rest < 0
  })
  return kind === -1 ? jobClasses.length - 1 : kind
}
