import type { ResultPicture } from './result-pictures.ts'

/** A slice of base64 is made of whole groups of three bytes. */
const sliceBytes = 3 * 16 * 1024

/** Pictures as a JSON list of texts in base64, in pieces. @param before what stands before each */
export async function* pictureTexts(
  pictures: readonly ResultPicture[],
  before: (picture: ResultPicture) => string = () => '',
): AsyncGenerator<string> {
  yield '['
  for (const [i, picture] of pictures.entries()) {
    yield `${i === 0 ? '' : ','}"${before(picture)}`
    const { buffer, byteOffset, byteLength } = picture.bytes
    const bytes = Buffer.from(buffer, byteOffset, byteLength)
    for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.toString('base64', at, at + sliceBytes)
    yield '"'
  }
  yield ']'
}
