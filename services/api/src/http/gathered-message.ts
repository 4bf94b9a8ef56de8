import { IncomingMessage } from 'node:http'

/** What is smaller is copied together: an object for each piece takes more memory than the piece. */
const smallBytes = 1024
const gatherBytes = 8 * 1024

/**
 * A request whose body comes in pieces worth an object each. Node makes one for every chunk of a chunked body, however small, and keeps those that nobody has
 * read yet: 64 kB of a body could take 10 MB. Here the small pieces that one read of the socket brings are one.
 */
export class GatheredMessage extends IncomingMessage {
  #gathered: Buffer | null = null
  #size = 0
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
    if (this.#size > gatherBytes - smallBytes) return this.#flush()
    this.#flushing ??= setImmediate(() => this.#flush())
    return true
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
