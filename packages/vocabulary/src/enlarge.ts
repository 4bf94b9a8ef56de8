interface Size {
  width: number
  height: number
}

/** How a result that is enlarged comes out, rounded to whole pixels. */
export function enlargedSize({ width, height }: Size, upscale: number): Size {
  return { width: Math.round(width * upscale), height: Math.round(height * upscale) }
}

/** What the second painting works at: whole latents, as AUTOMATIC1111's hires. fix cuts them. */
export function hiresSize({ width, height }: Size, upscale: number, multiple: number): Size {
  const floored = (side: number) => Math.floor((side * upscale) / multiple) * multiple
  return { width: floored(width), height: floored(height) }
}
