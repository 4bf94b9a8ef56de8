/** A file that cannot be used, said in a sentence for whoever put it there: what is wrong with it, and what to do. */
export class CheckpointError extends Error {
  override name = 'CheckpointError'
}

/** The most of a file's own words that an error repeats. */
const longestQuote = 120

/** A name out of a file, fit for a sentence: in quotation marks, without line breaks, and cut where it is long. */
export function quote(name: string): string {
  const plain = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
  return `"${plain.length > longestQuote ? `${plain.slice(0, longestQuote)}…` : plain}"`
}

/** How errors say bytes, as in "6.9 GB". */
export function showBytes(bytes: number): string {
  const unit = [1e9, 1e6, 1e3].findIndex((size) => bytes >= size)
  return unit < 0 ? `${bytes} bytes` : `${(bytes / 1e3 ** (3 - unit)).toFixed(1)} ${['GB', 'MB', 'kB'][unit]}`
}
