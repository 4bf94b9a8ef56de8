import { once } from 'node:events'
import { MIMEType } from 'node:util'
import { Dicer } from '@fastify/busboy'
import { HttpProblem } from './problem.ts'

/** What a part of a form says of itself. Headers are text of bytes: one character for each. */
export interface PartHead {
  /** Null for a part that names no field. */
  name: string | null
  /** Null where there is none; browsers send an empty one for a file that was not chosen. */
  filename: string | null
  type: MIMEType | null
  /** Content-Transfer-Encoding, in small letters. */
  encoding: string
}

/** Takes the bytes of a part as they come, null at its end. */
export type PartSink = (piece: Buffer | null) => void

/**
 * Reads the parts of a form. The first error that `open` or a sink throws ends the reading.
 *
 * @param pieces of the body
 * @throws HttpProblem `invalid_multipart` for a body that has no such parts or ends before they do
 */
export async function readParts(
  pieces: AsyncIterable<Buffer>,
  boundary: string,
  open: (head: PartHead) => PartSink,
): Promise<void> {
  const parser = new Dicer({ boundary, maxHeaderPairs: 20 })
  const finished = once(parser, 'finish')
  const ended: Promise<unknown>[] = []
  let failure: { error: unknown } | undefined

  // Parts tell of themselves in events, through which nothing can be thrown.
  function attempt(step: () => void): void {
    if (failure) return
    try {
      step()
    } catch (error) {
      failure = { error }
    }
  }

  parser.on('part', (part) => {
    let sink: PartSink | undefined
    const begin = (header: object) => {
      sink = open(headOf(header as Record<string, string[]>))
      return sink
    }
    part.on('header', (header) => attempt(() => begin(header)))
    part.on('data', (piece) => attempt(() => sink?.(piece as Buffer)))
    // A part can end before its headers do.
    const end = () => attempt(() => (sink ?? begin({}))(null))
    ended.push(new Promise<void>((resolve) => part.on('end', () => resolve(end()))))
    part.on('error', () => {})
  })

  finished.catch(() => {})
  for await (const piece of pieces) {
    await new Promise((resolve) => parser.write(piece, resolve))
    if (failure) throw failure.error
  }
  parser.end()
  await finished.catch((cause) => {
    const detail = 'the form cannot be read: it has no parts, or ended before the last one did'
    throw new HttpProblem('invalid_multipart', detail, { cause })
  })
  await Promise.all(ended)
  if (failure) throw failure.error
}

/** A media type with its parameters, read as leniently as browsers do; null if it is none. */
export function mediaType(text: string | undefined): MIMEType | null {
  if (!text) return null
  try {
    return new MIMEType(text)
  } catch {
    return null
  }
}

function headOf(header: Record<string, string[]>): PartHead {
  // A disposition is written as the part of a media type behind the slash.
  const disposition = mediaType(`multipart/${header['content-disposition']?.[0]}`)
  const parameters = disposition?.subtype === 'form-data' ? disposition.params : null
  return {
    name: parameters?.get('name') ?? null,
    filename: parameters?.get('filename') ?? parameters?.get('filename*') ?? null,
    type: mediaType(header['content-type']?.[0]),
    encoding: (header['content-transfer-encoding']?.[0] ?? 'binary').trim().toLowerCase(),
  }
}
