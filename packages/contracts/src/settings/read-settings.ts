import type { z } from 'zod'
import { fieldWords } from '../field-words.ts'

/** Variables of the environment, as a process has them. */
export type Environment = Record<string, string | undefined>

/**
 * What one package reads of the environment: an object of its variables, each with its range and default, and perhaps
 * what it makes of them.
 */
export type SettingsBlock = z.ZodObject | z.ZodPipe<z.ZodObject, z.ZodTransform>

/**
 * One or more variables that cannot be used; each line of the message names one and says what it may be. No message
 * repeats a value that may be secret.
 */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SettingsError'
  }
}

/**
 * Reads the blocks of a program. An empty variable counts as not set; those of nobody are left alone.
 *
 * @throws SettingsError naming every variable that is wrong
 */
export function readSettings<Blocks extends Record<string, SettingsBlock>>(
  blocks: Blocks,
  env: Environment,
): { [Name in keyof Blocks]: z.output<Blocks[Name]> } {
  const given = givenOf(env)
  const read = Object.entries(blocks).map(
    ([name, block]) => [name, block.safeParse(given, { error: fieldWords })] as const,
  )
  // A variable that two blocks read is told of once.
  const wrong = new Set(
    read.flatMap(([, { error }]) => error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`),
  )
  if (wrong.size > 0) throw new SettingsError([...wrong].join('\n'))
  return Object.fromEntries(read.map(([name, { data }]) => [name, data])) as ReturnType<typeof readSettings<Blocks>>
}

/** The variables that are set to something. */
export function givenOf(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  )
}

/** Names of the variables that a program's blocks read, each once. */
export function variablesOf(blocks: Record<string, SettingsBlock>): string[] {
  const names = Object.values(blocks).flatMap((block) => Object.keys('in' in block ? block.in.shape : block.shape))
  return [...new Set(names)]
}
