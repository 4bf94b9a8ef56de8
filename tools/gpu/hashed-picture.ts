/** A square picture whose pixels are like noise, and the same in every run. */
export function hashedPicture(side: number, height = side) {
  const data = new Uint8Array(side * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = (i * 2_654_435_761) >>> 24
  return { width: side, height, data }
}
