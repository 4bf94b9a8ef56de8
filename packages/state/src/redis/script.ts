import type { Redis } from 'ioredis'

/**
 * A Lua script: one atomic change of the state, which takes one JSON value, as `input`, and answers with another.
 * `KEYS[1]` is the prefix with the hash tag; every key a script touches is that prefix plus a name, so all of them live
 * in one slot. The shebang (Redis 7) decides about maxmemory before the script starts, hence never in its middle.
 *
 * What Redis' JSON does not keep: null in the input is a value of its own (leave the name out instead), an answer's
 * empty list is an empty object (see {@link listOf}), and its numbers have 14 digits (send text where more count).
 */
export interface Script<Input, Answer> {
  name: string
  lua: string
  /** Only for the types; no script has it. */
  readonly types?: (input: Input) => Answer
}

export type Flag = 'allow-oom' | 'no-writes'

/** A list in a script's answer, which is an object when it is empty. */
export type List<T> = T[] | Record<string, never>

const prelude = `
local ns = KEYS[1]
local input = cjson.decode(ARGV[1])

local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A hash as an object, and whether there is one.
local function fieldsOf(hash)
  local flat, fields = redis.call('HGETALL', hash), {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields, #flat > 0
end
`

/**
 * @param flags `allow-oom` for changes that end things and so must go through at maxmemory; `no-writes` for reads.
 * @param parts library code, then the body of a function that returns the answer.
 */
export function script<Input, Answer>(name: string, flags: readonly Flag[], ...parts: string[]): Script<Input, Answer> {
  const shebang = flags.length > 0 ? `#!lua flags=${flags.join(',')}` : '#!lua'
  const body = parts.at(-1) ?? ''
  const answer = `local function answer()\n${body}\nend\nreturn cjson.encode((answer()))`
  return { name, lua: [shebang, prelude, ...parts.slice(0, -1), answer].join('\n') }
}

/** Teaches a script to a connection. From then on it, and each pipeline that it begins, has a method of that name. */
export function defineScript(redis: Redis, { name, lua }: Script<never, unknown>): void {
  if (!(name in redis)) redis.defineCommand(name, { numberOfKeys: 1, lua })
}

/** Runs a script that was defined: `on` is the connection, or a pipeline of it. */
export function callScript<Answer>(
  on: object,
  { name }: Script<never, unknown>,
  prefix: string,
  input: string,
): Answer {
  return (on as Record<string, (prefix: string, input: string) => Answer>)[name]?.(prefix, input) as Answer
}

export function listOf<T>(list: List<T>): T[] {
  return Array.isArray(list) ? list : []
}
