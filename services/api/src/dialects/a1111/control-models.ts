import { type AdapterEntry, whyUnfit } from '@pentimento/contracts'
import type { ControlType } from '@pentimento/vocabulary'
import type { KnownModel } from '../../submit/find-model.ts'
import { moduleNames } from './control-modules.ts'
import type { Unit } from './control-unit.ts'
import { adaptersOf, plainName } from './models.ts'

const controls: readonly AdapterEntry['kind'][] = ['controlnet', 't2i-adapter']
const references: readonly AdapterEntry['kind'][] = ['ip-adapter']

/**
 * The file that a unit means, by its name with or without hash, folder and extension, in any case. What there is not
 * stays as it is named: whoever takes the job says what there is.
 *
 * @returns its name, and the kinds of pictures that it tells apart if it is a union
 */
export function findControl(
  model: KnownModel,
  { model: named, module }: Pick<Unit, 'model' | 'module'>,
): Pick<AdapterEntry, 'name' | 'control_types'> {
  const kinds = module.does === 'reference' ? references : controls
  const fitting = (model.adapters ?? []).filter(({ kind }) => kinds.includes(kind))
  const meant = fitting.filter(({ name }) => name === named || plainName(name) === plainName(named))
  const found = meant.find((one) => whyUnfit(one, model) === null) ?? meant[0]
  return found ?? { name: named.trim() }
}

/** What the extension's clients may name as a unit's model. */
export function controlModels(models: readonly KnownModel[]): string[] {
  return [...controls, ...references].flatMap((kind) => adaptersOf(models, kind).map(({ name }) => name))
}

/** What goes together, by the tags of the extension's page. */
export function controlTypes(models: readonly KnownModel[]): Record<string, unknown> {
  const all = controlModels(models)
  const adapters = adaptersOf(models, 'ip-adapter').map(({ name }) => name)
  const unions = (of: ControlType) =>
    adaptersOf(models, 'controlnet').flatMap(({ name, control_types }) => (control_types?.includes(of) ? [name] : []))
  const type = (module: string, isOf: (name: string) => boolean, also: readonly string[] = []) => {
    const own = all.filter((name) => isOf(name) || also.includes(name))
    return {
      module_list: moduleNames().filter((name) => name === 'none' || name === 'invert' || name.includes(module)),
      model_list: ['None', ...(own.length > 0 ? own : all)],
      default_option: module,
      default_model: own[0] ?? 'None',
    }
  }
  return {
    All: { module_list: moduleNames(), model_list: ['None', ...all], default_option: 'none', default_model: 'None' },
    Canny: type('canny', (name) => /canny/i.test(name), unions('lineart')),
    Inpaint: type('inpaint', (name) => /inpaint/i.test(name), unions('inpaint')),
    'IP-Adapter': { ...type('ip-adapter', (name) => adapters.includes(name)), default_option: 'ip-adapter-auto' },
  }
}
