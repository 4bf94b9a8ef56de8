export { sniffFormat } from './container.ts'
export {
  type DecodedImage,
  decodeMask,
  decodeRgb,
  type MaskMode,
  maskFromAlpha,
  type VerifiedImage,
  verify,
} from './decode.ts'
export { type EncodeOptions, encode, encodePreview, type ImageMetadata } from './encode.ts'
export { ImageError, type ImageErrorCode } from './errors.ts'
export { contentTypes, type GrayImage, type ImageFormat, type RgbImage } from './image.ts'
export { type ImageInfo, type ImageLimits, inspect } from './inspect.ts'
export { isFilled } from './pixels.ts'
export type { Turn } from './turns.ts'
