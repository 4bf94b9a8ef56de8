import { fieldProblem } from '../../http/problem.ts'
import { readUnit, type Unit } from './control-unit.ts'
import { asObject, flagOf, type Sent } from './values.ts'

const softInpainting = 'soft inpainting'
const controlNet = 'controlnet'

/** The names under which scripts are listed: everything that is listed, clients use. */
export const scriptNames = { txt2img: [controlNet], img2img: [softInpainting, controlNet] }

/** What is told of each script: its arguments are objects, or none. */
export const scriptInfos = [softInpainting, controlNet].map((name) => ({
  name,
  is_alwayson: true,
  is_img2img: true,
  args: [],
}))

interface Scripts {
  soft: boolean
  /** Of ControlNet, those that are on. */
  units: Unit[]
}

/**
 * What a request's scripts ask for. A unit that is switched off, or has no arguments, asks for nothing.
 *
 * @throws HttpProblem for what would have an effect, as a server without the extension says it
 */
export function scriptsOf(sent: Sent): Scripts {
  const units: Unit[] = []
  const { script_name: name } = sent
  if (typeof name === 'string' && name.trim() !== '' && name.toLowerCase() !== 'none')
    throw fieldProblem('not_supported', 'script_name', `Script '${name.slice(0, 100)}' not found`)
  let soft = false
  for (const [script, value] of Object.entries(asObject(sent.alwayson_scripts))) {
    const args = argumentsOf(value)
    if (script.toLowerCase() === controlNet) {
      const hires = flagOf(sent, 'enable_hr', false)
      units.push(...args.flatMap((unit, i) => (isOn(unit) ? [readUnit(asObject(unit), i, { hires })] : [])))
      continue
    }
    if (!isEnabled(args)) continue
    if (script.toLowerCase() !== softInpainting)
      throw fieldProblem('not_supported', 'alwayson_scripts', `always on script ${script.slice(0, 100)} not found`)
    soft = true
  }
  return { soft, units }
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
