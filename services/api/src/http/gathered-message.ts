import { IncomingMessage } from 'node:http'

/** What is smaller is copied together: an object for each piece takes more memory than the piece. */
const smallBytes = 1024
const gatherBytes = 8 * 1024
/** So many in one pass of the event loop are enough: the rest of what the socket has waits for another pass. */
const piecesInPass = 256

/** Those that wait to be read on from, one in each pass: what a socket brings at once, 64 kB, can be 10,000 pieces. */
const costly: (() => void)[] = []

function nextCostly(): void {
  costly.shift()?.()
  if (costly.length > 0) setImmediate(nextCostly)
}

/**
 * A request whose body comes in pieces worth an object each. Node makes one for every chunk of a chunked body, however
 * small, and keeps those that nobody has read yet: 64 kB of a body could take 10 MB. Here the small pieces that one
 * read of the socket brings are one.
 */
export class GatheredMessage extends IncomingMessage {
  #gathered: Buffer | null = null
  #size = 0
  #pieces = 0
  #flushing: NodeJS.Immediate | undefined

  override push(piece: Buffer | null): boolean {
    if (piece !== null && piece.length < smallBytes) return this.#gather(piece)
    this.#flush()
    if (piece === null) this.#gathered = null
    return super.push(piece)
  }

  #gather(piece: Buffer): boolean {
    this.#gathered ??= Buffer.allocUnsafe(gatherBytes)
    this.#gathered.set(piece, this.#size)
    this.#size += piece.length
    this.#pieces++
    if (this.#size > gatherBytes - smallBytes) return this.#flush() && this.#pieces < piecesInPass
    if (this.#pieces === piecesInPass) this.#waitForTurn()
    else if (this.#pieces < piecesInPass) this.#flushing ??= setImmediate(() => this.#endPass())
    return this.#pieces < piecesInPass
  }

  /** False from `push` has stopped the socket: the next one that is not empty starts it again. */
  #waitForTurn(): void {
    clearImmediate(this.#flushing)
    this.#flushing = undefined
    costly.push(() => this.#endPass())
    if (costly.length === 1) setImmediate(nextCostly)
  }

  #endPass(): void {
    this.#pieces = 0
    this.#flush()
  }

  /** Whether more is wanted. */
  #flush(): boolean {
    clearImmediate(this.#flushing)
    this.#flushing = undefined
    if (this.#gathered === null || this.#size === 0) return true
    const piece = Buffer.from(this.#gathered.subarray(0, this.#size))
    this.#size = 0
    return super.push(piece)
  }
}
