export function quantile(list: readonly number[], part: number): number {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN
}

export function share(part: number | null): string {
  return part === null ? '–' : `${(100 * part).toFixed(1)} %`
}
