export type ImageErrorCode =
  /** Not a PNG, JPEG or WebP file, whatever its name says. */
  | 'unsupported_format'
  /** More than one frame. */
  | 'animated'
  /** More pixels than the limit, told from the header. */
  | 'too_many_pixels'
  /** The file ends before the picture does. */
  | 'truncated'
  /** The bytes cannot be decoded. */
  | 'broken'

/** Everything that this package throws for an input. Messages are fit for the public and never quote a library. */
export class ImageError extends Error {
  readonly code: ImageErrorCode

  constructor(code: ImageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ImageError'
    this.code = code
  }
}
