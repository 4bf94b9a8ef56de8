/** Row-major RGB, 3 bytes a pixel, sRGB. */
export interface RgbImage {
  width: number
  height: number
  data: Uint8Array
}

/** Row-major grey, 1 byte a pixel. */
export interface GrayImage {
  width: number
  height: number
  data: Uint8Array
}

export type ImageFormat = 'png' | 'jpeg' | 'webp'

export const contentTypes: Record<ImageFormat, string> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
}

/** What the header of a file says of its picture. */
export interface ImageHeader {
  /** In pixels as shown: EXIF orientation applied. */
  width: number
  height: number
  /** As stored, before the orientation is applied. */
  stored: { width: number; height: number }
  hasAlpha: boolean
}
