/** How much may be begun in one pass of the event loop, in ms, and in number. */
const pass = { ms: 4, most: 64 }
/** How often something is begun at least while new connections come, in ms. */
const whileConnectingMs = 2

/** What waits, by who asked for it; whoever is first has waited for longest. */
const waiting = new Map<string, (() => void)[]>()
let count = 0
let connecting = false
/** Steps of the pass that are still to come. */
let planned = 0
let passEnds: number | null = null
let lastBegan = 0

/**
 * Runs `begin` in one of the next passes of the event loop, those who ask taking turns. Node takes one new connection
 * in a pass, so that a client who asks for much over many of them would keep all who come after it waiting at the door:
 * passes are kept short, and shortest while connections come.
 */
export function inTurn(asker: string, begin: () => void): void {
  const own = waiting.get(asker)
  if (own) own.push(begin)
  else waiting.set(asker, [begin])
  count++
  if (planned === 0) plan()
}

/** To be told of each new connection. */
export function connectionCame(): void {
  connecting = true
}

/** A step for each: what a promise then goes on with runs before the next step, and is counted. */
function plan(): void {
  planned = Math.min(count, pass.most)
  passEnds = null
  for (let i = 0; i < planned; i++) setImmediate(step)
}

function step(): void {
  const now = performance.now()
  if (mayBegin(now)) beginNext(now)
  planned--
  if (planned === 0) plan()
}

function mayBegin(now: number): boolean {
  if (passEnds !== null) return now < passEnds
  const soon = connecting && now < lastBegan + whileConnectingMs
  passEnds = connecting ? now : now + pass.ms
  connecting = false
  return !soon
}

function beginNext(now: number): void {
  const [first] = waiting
  if (!first) return
  const [asker, own] = first
  const begin = own.shift()
  waiting.delete(asker)
  if (own.length > 0) waiting.set(asker, own)
  count--
  lastBegan = now
  begin?.()
}
