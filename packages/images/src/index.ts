export { sniffFormat } from './container.ts'
export {
  decodeMask,
  decodeRgb,
  maskFromAlpha,
  type VerifiedImage,
  verify,
} from './decode.ts'
export { encode, encodePreview, type ImageMetadata } from './encode.ts'
export { ImageError } from './errors.ts'
export { contentTypes, type ImageFormat } from './image.ts'
export { type ImageLimits, inspect, pictureSize } from './inspect.ts'
export { isFilled } from './pixels.ts'
export { readMetadata } from './read-metadata.ts'
export { scalePicture } from './scale.ts'
export { type Turn, TurnTimeout } from './turns.ts'
