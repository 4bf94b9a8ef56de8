import { type Extension, extendFields } from '@pentimento/vocabulary'

/** By how much a request lets the canvas grow, by the native names that it brings along; native routes judge them. */
export function extensionOf(fields: Readonly<Record<string, unknown>>): Extension {
  const by = (name: string) => Math.max(0, Number(fields[name]) || 0)
  return Object.fromEntries(Object.keys(extendFields).map((name) => [name, by(name)])) as Extension
}
