import { edit, picture } from '../state/board.ts'
import { newCanvas } from './new-canvas.ts'
import { drawStroke } from './paint.ts'
import type { StrokePoint } from './stroke.ts'

/**
 * A stroke of the example: points as "x,y x,y …" around the middle of the canvas, in hundredths of its shorter side,
 * like its size.
 */
interface Stroke {
  colour: string
  size: number
  points: string
}

const red = '#d5282f'
const green = '#3f9b3c'
const yellow = '#f5d02f'

/** A strawberry as anybody scribbles it: back and forth, a stalk, some dots. */
const strawberry: Stroke[] = [
  {
    colour: red,
    size: 9,
    points: '-16,-13 16,-15 -21,-8 22,-9 -22,-3 22,-3 -20,3 20,3 -17,8 17,9 -13,13 13,14 -9,18 8,19 -4,23 4,24 0,27',
  },
  { colour: green, size: 5, points: '-20,-19 -13,-22 -4,-17 4,-23 12,-17 20,-21' },
  { colour: green, size: 5, points: '-12,-17 -6,-10 0,-17 6,-10 11,-17' },
  { colour: green, size: 3.4, points: '0,-19 1,-26 5,-30' },
  ...['-11,-3 -11,-1', '2,-4 2,-2', '13,-1 13,1', '-5,5 -5,7', '8,7 8,9', '-8,13 -8,15', '2,16 2,18'].map((points) => ({
    colour: yellow,
    size: 2.4,
    points,
  })),
]

/** Starts with an example drawing on an empty canvas, for people who would rather see it run first. */
export function drawExample(): void {
  newCanvas()
  const { width, height } = picture.value
  const unit = Math.min(width, height) / 100
  edit('paint', null, (layer) => {
    for (const { colour, size, points } of strawberry) {
      const placed = points.split(' ').map((point): StrokePoint => {
        const [x = 0, y = 0] = point.split(',').map(Number)
        return [width / 2 + x * unit, height / 2 + y * unit, 0.5]
      })
      drawStroke(layer, {
        mode: 'sketch',
        erases: false,
        colour,
        opacity: 1,
        size: size * unit,
        pressure: false,
        points: placed,
      })
    }
  })
}
