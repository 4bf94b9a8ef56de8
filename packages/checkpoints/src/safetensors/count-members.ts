/**
 * How many members the objects of a JSON text have down to a depth, each counted as often as it stands: JSON.parse
 * keeps only the last of equal names.
 *
 * @param json text that JSON.parse takes
 */
export function countMembers(json: string, depth: number): number {
  let level = 0
  let count = 0
  // Strings are passed over whole, so that what they hold is not taken for structure.
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') level++
    else if (token === '}' || token === ']') level--
    else if (token === ':' && level <= depth) count++
  }
  return count
}
