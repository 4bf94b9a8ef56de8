import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

/** A seeded generator (mulberry32), so that the picture is the same whenever it is made. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const size = 512
const next = random(2024)

/** Value noise on a lattice of `cells` × `cells`, smoothly interpolated. */
function noise(cells: number): (x: number, y: number) => number {
  const lattice = Float64Array.from({ length: (cells + 1) ** 2 }, next)
  const at = (column: number, row: number) => lattice[row * (cells + 1) + column] ?? 0
  const smooth = (t: number) => t * t * (3 - 2 * t)
  return (x, y) => {
    const [u, v] = [(x / size) * cells, (y / size) * cells]
    const [column, row] = [Math.floor(u), Math.floor(v)]
    const [s, t] = [smooth(u - column), smooth(v - row)]
    const top = at(column, row) * (1 - s) + at(column + 1, row) * s
    const bottom = at(column, row + 1) * (1 - s) + at(column + 1, row + 1) * s
    return top * (1 - t) + bottom * t
  }
}

const octaves = [4, 8, 16, 32, 64, 128].map((cells) => noise(cells))
const fractal = (x: number, y: number) => octaves.reduce((sum, octave, i) => sum + octave(x, y) / 2 ** (i + 1), 0)

// A sky, a ridge with texture, a lit disc, and sensor grain: smooth parts, edges and noise in the shares of a
// photograph.
const pixels = Buffer.alloc(size * size * 3)
for (let y = 0; y < size; y++) {
  for (let x = 0; x < size; x++) {
    const relief = fractal(x, y)
    const ridge = 230 + 120 * fractal(x, 0) + 40 * Math.sin(x / 60)
    const disc = Math.hypot(x - 360, y - 130) < 55 ? 1 : 0
    const light = y < ridge ? 0.55 + 0.35 * (1 - y / ridge) + 0.06 * relief + 0.25 * disc : 0.15 + 0.5 * relief
    const tint = y < ridge ? [0.85, 0.95, 1.1] : [1, 0.9, 0.65]
    for (let channel = 0; channel < 3; channel++) {
      const grain = (next() + next() + next() - 1.5) * 9
      const value = 255 * light * (tint[channel] ?? 1) + grain
      pixels[(y * size + x) * 3 + channel] = Math.max(0, Math.min(255, Math.round(value)))
    }
  }
}

await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
  .png({ compressionLevel: 9, adaptiveFiltering: true })
  .toFile(fileURLToPath(new URL('fixtures/photo-512.png', import.meta.url)))
