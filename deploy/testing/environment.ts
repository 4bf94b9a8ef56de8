import { readFileSync } from 'node:fs'
import { loadConfig as loadApiConfig } from '../../services/api/src/config.ts'
import { loadConfig as loadWorkerConfig } from '../../services/worker/src/config.ts'

/** Variables that are for Node, for the container runtime or for the driver, and not for us. */
const FOREIGN = ['NODE_ENV', 'NVIDIA_VISIBLE_DEVICES', 'NVIDIA_DRIVER_CAPABILITIES']

const repository = new URL('../../', import.meta.url)

/** What the ENV instructions of an image set, by the last stage of that name. */
export function imageEnvironment(dockerfile: string, target: string): Record<string, string> {
  const text = readFileSync(new URL(dockerfile, repository), 'utf8')
  const stage = text.slice(text.lastIndexOf(` AS ${target}\n`))
  const block = /^ENV ((?:.*\\\n)*.*)$/m.exec(stage)?.[1] ?? ''
  return Object.fromEntries([...block.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]))
}

/** Names that `docs/configuration.md` does not explain. */
export function unexplained(environment: Record<string, string>): string[] {
  const page = readFileSync(new URL('docs/configuration.md', repository), 'utf8')
  return Object.keys(environment).filter((name) => !FOREIGN.includes(name) && !page.includes(`\`${name}\``))
}

/** The configuration that the service itself makes of an environment; throws what would stop it at its start. */
export function configurationOf(service: 'api' | 'worker', environment: Record<string, string>) {
  return service === 'api'
    ? { api: loadApiConfig(environment), worker: null }
    : { api: null, worker: loadWorkerConfig(environment) }
}
