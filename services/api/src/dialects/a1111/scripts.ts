import { fieldProblem } from '../../http/problem.ts'
import { asObject, type Sent } from './values.ts'

const softInpainting = 'soft inpainting'

/** The names under which scripts are listed: everything that is listed, clients use. */
export const scriptNames = { txt2img: [], img2img: [softInpainting] }

interface Scripts {
  soft: boolean
}

/**
 * What a request's scripts ask for. A unit that is switched off, or has no arguments, asks for nothing.
 *
 * @throws HttpProblem for what would have an effect, as a server without the extension says it
 */
export function scriptsOf(sent: Sent): Scripts {
  const { script_name: name } = sent
  if (typeof name === 'string' && name.trim() !== '' && name.toLowerCase() !== 'none')
    throw fieldProblem('not_supported', 'script_name', `Script '${name.slice(0, 100)}' not found`)
  let soft = false
  for (const [script, value] of Object.entries(asObject(sent.alwayson_scripts))) {
    const args = argumentsOf(value)
    if (!isEnabled(args)) continue
    if (script.toLowerCase() !== softInpainting)
      throw fieldProblem('not_supported', 'alwayson_scripts', `always on script ${script.slice(0, 100)} not found`)
    soft = true
  }
  return { soft }
}

function argumentsOf(script: unknown): unknown[] {
  const { args } = asObject(script)
  if (Array.isArray(args)) return args
  return args === undefined || args === null ? [] : [args]
}

/** The first argument switches a script, where it is a truth value; else its units do. */
function isEnabled([first, ...others]: unknown[]): boolean {
  const isSwitch = typeof first === 'boolean' || (typeof first === 'string' && /^(true|false)$/i.test(first))
  return isSwitch ? String(first).toLowerCase() === 'true' : [first, ...others].some(isOn)
}

/** Units are objects that say whether they are enabled, or are so without a word. */
function isOn(argument: unknown): boolean {
  const unit = Object.fromEntries(
    Object.entries(asObject(argument)).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const enabled = unit.enabled ?? unit.is_enabled ?? unit[softInpainting]
  return enabled === undefined ? Object.keys(unit).length > 0 : enabled === true || enabled === 1 || enabled === 'true'
}
