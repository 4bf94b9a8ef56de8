import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The licence that a model card names: the README.md of a repository of the Hugging Face hub begins with a block of
 * "key: value" lines. `other` stands for one whose name follows as `license_name`.
 */
export async function cardLicence(dir: string): Promise<string | null> {
  const card = await readFile(join(dir, 'README.md'), 'utf8').catch(() => '')
  const block = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1] ?? ''
  const named = (key: string) =>
    new RegExp(`^${key}:[ \\t]*["']?([\\w.+ -]{1,80}?)["']?[ \\t]*\\r?$`, 'm').exec(block)?.[1]
  const licence = named('license')
  return (licence === 'other' ? (named('license_name') ?? licence) : licence) ?? null
}
