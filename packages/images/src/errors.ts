type ImageErrorCode =
  /** Not a PNG, JPEG or WebP file, whatever its name says. */
  | 'unsupported_format'
  /** More than one frame. */
  | 'animated'
  /** More pixels than the limit, told from the header. */
  | 'too_many_pixels'
  /** A side is longer than the limit, or one side so much longer than the other. */
  | 'bad_shape'
  /** More scans, chunks or segments than any picture needs. */
  | 'too_many_parts'
  /** The picture was not decoded within the limit. */
  | 'too_slow'
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

export function tooMany(format: string, parts: string): ImageError {
  return new ImageError('too_many_parts', `the ${format} file has more than ${parts}; save the picture anew`)
}
