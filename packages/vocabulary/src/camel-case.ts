/** The name that code gives to what the wire calls `snake_case`. */
type CamelCase<S> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S

/** An object of the wire under the names that code gives its members. */
export type CamelCased<T> = { [K in keyof T as CamelCase<K>]: T[K] }

/** Of the fields that there are, which every request names again. */
const known = new Map<string, string>()

/** `guidance_scale` → `guidanceScale`, for the names of fields. */
export function camelCase(name: string): string {
  const earlier = known.get(name)
  if (earlier !== undefined) return earlier
  const made = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  known.set(name, made)
  return made
}

/** `guidanceScale` → `guidance_scale`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The members of an object under the names that code gives them; what lies within stays as it is. */
export function camelCased<T extends object>(values: T): CamelCased<T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value])) as CamelCased<T>
}
