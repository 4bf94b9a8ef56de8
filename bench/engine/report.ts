export function share(part: number | null): string {
  return part === null ? '–' : `${(100 * part).toFixed(1)} %`
}
