import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** One package of the registry that the lockfile names. */
export interface LockedPackage {
  name: string
  version: string
  /** Hash of its archive; undefined for what does not come from the registry. */
  integrity?: string
  /** Where it comes from, unless that follows from its name and version. */
  from?: string
  /** It is installed on some machines alone. */
  platforms: string[]
  /** An image holds it. */
  shipped: boolean
}

type Dependencies = Record<string, string>
interface Importer {
  dependencies?: Record<string, { version: string }>
  optionalDependencies?: Record<string, { version: string }>
}
interface Lock {
  importers: Record<string, Importer>
  packages: Record<string, { resolution: Record<string, string>; os?: string[]; cpu?: string[]; libc?: string[] }>
  snapshots: Record<string, { dependencies?: Dependencies; optionalDependencies?: Dependencies }>
}

/** What the images are made of: docker/. */
const shippedServices = ['services/api', 'services/worker', 'services/cli']

/** Every package of pnpm-lock.yaml, in its order. */
export function lockedPackages(root: URL): LockedPackage[] {
  const lock: Lock = parse(readFileSync(new URL('pnpm-lock.yaml', root), 'utf8'))
  const shipped = shippedIds(lock)
  return Object.entries(lock.packages).map(([id, { resolution, os = [], cpu = [], libc = [] }]) => {
    const at = id.lastIndexOf('@')
    const { integrity, ...elsewhere } = resolution
    return {
      name: id.slice(0, at),
      version: id.slice(at + 1),
      ...(integrity === undefined ? {} : { integrity }),
      ...(Object.keys(elsewhere).length === 0 ? {} : { from: JSON.stringify(elsewhere) }),
      platforms: [...os, ...cpu, ...libc],
      shipped: shipped.has(id),
    }
  })
}

/** Ids of what the services need at run time, without the peers that stand in brackets behind them. */
function shippedIds({ importers, snapshots }: Lock): Set<string> {
  const found = new Set<string>()
  const ways = shippedServices.flatMap((folder) => needsOfImporter(importers, folder, new Set()))
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    if (found.has(way)) continue
    found.add(way)
    const { dependencies = {}, optionalDependencies = {} } = snapshots[way] ?? {}
    ways.push(
      ...Object.entries({ ...dependencies, ...optionalDependencies }).map(([name, version]) => idOf(name, version)),
    )
  }
  return new Set([...found].map((id) => id.replace(/\(.*$/, '')))
}

/** An alias has the whole id in the version's place. */
function idOf(name: string, version: string): string {
  return /^@?[^@(]+@/.test(version) ? version : `${name}@${version}`
}

function needsOfImporter(importers: Lock['importers'], folder: string, seen: Set<string>): string[] {
  if (seen.has(folder)) return []
  seen.add(folder)
  const { dependencies = {}, optionalDependencies = {} } = importers[folder] ?? {}
  return Object.entries({ ...dependencies, ...optionalDependencies }).flatMap(([name, { version }]) => {
    if (!version.startsWith('link:')) return [idOf(name, version)]
    const linked = new URL(version.slice('link:'.length), `http://root/${folder}/`).pathname.slice(1)
    return needsOfImporter(importers, linked, seen)
  })
}
