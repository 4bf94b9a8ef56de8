import { correctColors } from '../images/color-correction.ts'
import { cropRegion } from '../images/crop-region.ts'
import { cvGaussianBlur } from '../images/cv-gaussian-blur.ts'
import { labToRgb, rgbToLab } from '../images/lab.ts'
import { bilinearPlanes, latentMask, nearestPlane } from '../images/latent-resize.ts'
import { growMask } from '../images/mask.ts'
import { fillMasked } from '../images/masked-fill.ts'
import { applyOverlay, makeOverlay, overlayMask } from '../images/overlay.ts'
import { pilGaussianBlur } from '../images/pil-gaussian-blur.ts'
import { type Filter, pilResize } from '../images/pil-resize.ts'
import type { Box, Raster } from '../images/raster.ts'
import { type FitMode, fitImage } from '../images/resize-modes.ts'
import { floats, largestDifference, octets, reference } from './reference.ts'
import { type ParityRow, worst } from './row.ts'

interface Case {
  picture: string
  data: string
}

interface ImagesFixture {
  pictures: Record<string, { width: number; height: number; data: string }>
  resized: (Case & { width: number; height: number; filter: Filter })[]
  fitted: (Case & { width: number; height: number; mode: FitMode })[]
  pilBlurred: (Case & { sigma: number })[]
  cvBlurred: (Case & { sigma: number })[]
  grown: (Case & { radius: number })[]
  filled: (Case & { mask: string; blur: number })[]
  overlaid: (Case & { mask: string; blur: number; result: string; box: Box | null })[]
  cropRegions: number[][]
  latentMasks: (Case & { width: number; height: number; rounds: boolean })[]
  planes: { source: string; width: number; height: number; bilinear: string; nearest: string }[]
  colors: string
  colorsToLab: string
  colorsFromLab: string
  corrected: (Case & { reference: string })[]
}

/** The picture operations. */
export function imageRows(): ParityRow[] {
  const fixture = reference<ImagesFixture>('images')
  const picture = (name: string): Raster => {
    const { width, height, data } = fixture.pictures[name]
    return { width, height, data: octets(data) }
  }
  const bytes = <One extends Case>(
    subject: string,
    against: string,
    cases: One[],
    make: (picture: Raster, one: One) => Raster,
  ): ParityRow => ({
    group: 'Pictures',
    subject,
    reference: against,
    unit: 'largest difference of a byte',
    limit: 0,
    extent: `${cases.length} pictures`,
    measure: () => worst(cases.map((one) => largestDifference(make(picture(one.picture), one).data, octets(one.data)))),
  })
  const filters: Filter[] = ['lanczos', 'bicubic', 'bilinear']
  return [
    ...filters.map((filter) =>
      bytes(
        `resize, ${filter}`,
        `Pillow resize, ${filter.toUpperCase()}`,
        fixture.resized.filter((one) => one.filter === filter),
        (image, { width, height }) => pilResize(image, width, height, filter),
      ),
    ),
    ...(['stretch', 'crop', 'fill'] as const).map((mode) =>
      bytes(
        `resize mode ${mode}`,
        "AUTOMATIC1111's resize_image on Pillow",
        fixture.fitted.filter((one) => one.mode === mode),
        (image, { width, height }) => fitImage(image, width, height, mode),
      ),
    ),
    bytes('blur of masked content', 'Pillow GaussianBlur', fixture.pilBlurred, (image, { sigma }) =>
      pilGaussianBlur(image, sigma),
    ),
    bytes('mask blur', 'OpenCV GaussianBlur', fixture.cvBlurred, (image, { sigma }) => cvGaussianBlur(image, sigma)),
    bytes('mask grow', 'OpenCV dilate with a square', fixture.grown, (image, { radius }) => growMask(image, radius)),
    bytes('masked content fill', "AUTOMATIC1111's fill on Pillow", fixture.filled, (image, { mask, blur }) =>
      fillMasked(image, cvGaussianBlur(picture(mask), blur)),
    ),
    bytes('overlay and paste-back', "AUTOMATIC1111's apply_overlay on Pillow", fixture.overlaid, (image, one) => {
      const mask = cvGaussianBlur(picture(one.mask), one.blur)
      const result = { ...(one.box ? picture('other square') : image), data: octets(one.result) }
      return applyOverlay(result, makeOverlay(image, one.box ? mask : overlayMask(mask)), one.box)
    }),
    {
      group: 'Pictures',
      subject: 'only-masked crop region',
      reference: "AUTOMATIC1111's get_crop_region_v2 and expand_crop_region, written anew",
      unit: 'largest difference of an edge in pixels',
      limit: 0,
      extent: `${fixture.cropRegions.length} boxes`,
      measure: () => worst(fixture.cropRegions.map(cropDifference)),
    },
    {
      group: 'Pictures',
      subject: 'mask at the size of the latents',
      reference: 'Pillow resize, BICUBIC, and numpy around',
      unit: 'largest difference of a value',
      limit: 1e-7,
      extent: `${fixture.latentMasks.length} masks`,
      measure: () =>
        worst(
          fixture.latentMasks.map(({ picture: name, width, height, rounds, data }) =>
            largestDifference(latentMask(picture(name), width, height, rounds), floats(data)),
          ),
        ),
    },
    {
      group: 'Pictures',
      subject: 'latents at another size',
      reference: 'torch interpolate, bilinear and nearest',
      unit: 'largest difference of a value',
      limit: 2e-6,
      extent: `${fixture.planes.length} sizes`,
      measure: () => worst(fixture.planes.map(planesDifference)),
    },
    {
      group: 'Pictures',
      subject: 'RGB to Lab',
      reference: 'OpenCV COLOR_RGB2LAB',
      unit: 'largest difference of a byte',
      limit: 0,
      extent: `${octets(fixture.colors).length / 3} colours`,
      measure: () => largestDifference(rgbToLab(octets(fixture.colors)), octets(fixture.colorsToLab)),
    },
    {
      group: 'Pictures',
      subject: 'Lab to RGB',
      reference: 'OpenCV COLOR_LAB2RGB',
      unit: 'largest difference of a byte',
      limit: 0,
      extent: `${octets(fixture.colors).length / 3} colours`,
      measure: () => largestDifference(labToRgb(octets(fixture.colors)), octets(fixture.colorsFromLab)),
    },
    bytes(
      'color correction',
      'OpenCV, scikit-image match_histograms, blendmodes',
      fixture.corrected,
      (image, { reference }) => correctColors(image, picture(reference)),
    ),
  ]
}

function cropDifference([
  width,
  height,
  x1,
  y1,
  x2,
  y2,
  padding,
  targetWidth,
  targetHeight,
  ...region
]: number[]): number {
  const data = new Uint8Array(width * height)
  for (let y = y1; y < y2; y++) data.fill(255, y * width + x1, y * width + x2)
  return largestDifference(cropRegion({ width, height, data }, padding, targetWidth, targetHeight) ?? [], region)
}

function planesDifference({ source, width, height, bilinear, nearest }: ImagesFixture['planes'][number]): number {
  const from = { width: 13, height: 9 }
  const planes = floats(source)
  return Math.max(
    largestDifference(bilinearPlanes(planes, from, { width, height }), floats(bilinear)),
    largestDifference(nearestPlane(planes.subarray(0, 13 * 9), from, { width, height }), floats(nearest)),
  )
}
