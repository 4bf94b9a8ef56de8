/** What a VAE makes of pictures, and what the UNet reads of that. */
export interface LatentSpace {
  channels: number
  /** Pixels that one latent covers, along one side. */
  factor: number
  /** The UNet reads (value − shift) · scale of what the encoder gives. */
  scale: number
  shift: number
  /** Linear factors from latents to RGB in −1 … 1, one row of 3 for each channel, and a bias. */
  previews: { factors: number[][]; bias: number[] }
}

/** The latents of a picture of that many pixels, along both sides. */
export function latentSize(
  { factor }: LatentSpace,
  { width, height }: { width: number; height: number },
): { width: number; height: number } {
  return { width: width / factor, height: height / factor }
}

/** What an inpaint model takes beside the latents: the mask, and the latents of the picture without what is masked. */
export function inpaintChannels({ channels }: LatentSpace): number {
  return 1 + channels
}
