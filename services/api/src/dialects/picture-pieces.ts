import { base64Pieces } from './base64-pieces.ts'
import type { ResultPicture } from './result-pictures.ts'

/** Pictures as a JSON list of texts in base64, in pieces. @param before what stands before each */
export async function* pictureTexts(
  pictures: readonly ResultPicture[],
  before: (picture: ResultPicture) => string = () => '',
): AsyncGenerator<string> {
  yield '['
  for (const [i, picture] of pictures.entries()) {
    yield `${i === 0 ? '' : ','}"${before(picture)}`
    yield* base64Pieces(picture.bytes)
    yield '"'
  }
  yield ']'
}
