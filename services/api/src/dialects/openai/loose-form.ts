import { limits } from '@pentimento/contracts'
import { isText } from '../../http/decode-text.ts'
import { mediaType, type PartHead, type PartSink, readParts } from '../../http/form-parts.ts'
import { fieldProblem, HttpProblem } from '../../http/problem.ts'
import type { Sent } from './sent.ts'

/** Of a text: OpenAI takes prompts of 32,000 characters. */
const textBytes = 160 * 1024
const mostParts = 200

/**
 * Reads a form as OpenAI's clients and the gateways between write it: `image`, `image[]` or `image[0]`, once or
 * repeated; files without a name; texts of the name of a file beside it, which mean nothing. Unknown fields are kept,
 * unknown files are not.
 *
 * @throws HttpProblem
 */
export async function readLooseForm(pieces: AsyncIterable<Buffer>, contentType: string): Promise<Sent> {
  const fields: Record<string, unknown> = Object.create(null)
  const pictures: Record<'image' | 'mask', { files: Uint8Array[]; texts: string[] }> = {
    image: { files: [], texts: [] },
    mask: { files: [], texts: [] },
  }
  let parts = 0

  function open(head: PartHead): PartSink {
    if (++parts > mostParts) throw new HttpProblem('payload_too_large', `the form has more than ${mostParts} parts`)
    const name = plainName(head.name ?? '')
    if (name === 'image' || name === 'mask') {
      const { files, texts } = pictures[name]
      return collect(name, limits.imageBytes, (bytes) => {
        if (bytes.length === 0 && !head.filename) return
        if (head.filename !== null || !isText(bytes)) files.push(bytes)
        else texts.push(bytes.toString())
      })
    }
    if (head.filename !== null || name === '') return () => {}
    return collect(name, textBytes, (bytes) => {
      fields[name] = bytes.toString()
    })
  }

  const boundary = mediaType(contentType)?.params.get('boundary')
  if (!boundary) throw new HttpProblem('invalid_multipart', 'the Content-Type of the form names no boundary')
  await readParts(pieces, boundary, open)
  const of = ({ files, texts }: (typeof pictures)['image']) => (files.length > 0 ? files : texts)
  return { fields, images: of(pictures.image), mask: of(pictures.mask)[0] ?? null }
}

/** Without the brackets of a list. */
function plainName(name: string): string {
  const plain = Buffer.from(name, 'latin1')
    .toString()
    .replace(/\[\d*\]$/, '')
  return plain === 'images' ? 'image' : plain
}

function collect(name: string, limit: number, finish: (bytes: Buffer) => void): PartSink {
  const pieces: Buffer[] = []
  let size = 0
  return (piece) => {
    if (piece === null) return finish(Buffer.concat(pieces, size))
    size += piece.length
    if (size > limit) throw fieldProblem('payload_too_large', name.slice(0, 60), `is larger than ${limit} bytes`)
    pieces.push(piece)
  }
}
