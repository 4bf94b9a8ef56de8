import { contentTypes, type ImageFormat } from '@pentimento/images'

const formats = Object.fromEntries(Object.entries(contentTypes).map(([format, type]) => [type, format]))

/** The file extension of an image's content type. */
export function formatOf(contentType: string): ImageFormat {
  const format = formats[contentType]
  if (format === undefined) throw new Error(`no image format has the type ${contentType}`)
  return format as ImageFormat
}
