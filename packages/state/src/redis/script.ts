/**
 * A Lua script: one atomic change of the state. `KEYS[1]` is the prefix with the hash tag; every key a script touches is that prefix plus a name, so all of
 * them live in one slot. The shebang (Redis 7) decides about maxmemory before the script starts, hence never in its middle.
 */
export interface Script {
  name: string
  lua: string
}

export type Flag = 'allow-oom' | 'no-writes'

const prelude = `
local ns = KEYS[1]
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
`

/**
 * @param flags `allow-oom` for changes that end things and so must go through at maxmemory; `no-writes` for reads.
 * @param parts library code, then the body.
 */
export function script(name: string, flags: readonly Flag[], ...parts: string[]): Script {
  const shebang = flags.length > 0 ? `#!lua flags=${flags.join(',')}` : '#!lua'
  return { name, lua: [shebang, prelude, ...parts].join('\n') }
}
