import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Container, EnvFromSource, Service } from 'kubernetes-types/core/v1.d.ts'
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.d.ts'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { configurationOf, imageEnvironment, unexplained } from './testing/environment.ts'

const folder = fileURLToPath(new URL('k8s/', import.meta.url))

// biome-ignore lint/suspicious/noExplicitAny: any manifest; its type is checked below, by the compiler.
type Manifest = any

const files = readdirSync(folder).filter((file) => file !== 'kustomization.yaml')
const manifests: Manifest[] = files.flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS()),
)
const ofKind = (...kinds: string[]) => manifests.filter(({ kind }) => kinds.includes(kind))
const workloads = ofKind('Deployment', 'StatefulSet')
const containers = workloads.flatMap((workload) =>
  workload.spec.template.spec.containers.map((container: Container) => ({
    name: workload.metadata.name,
    workload,
    container,
  })),
)
const ours = containers.filter(({ container }) => container.image.startsWith('pentimento/'))

function containerOf(name: string): Container {
  const found = containers.find((one) => one.name === name)
  if (!found) throw new Error(`there is no workload ${name}`)
  return found.container
}

/** The module of kubernetes-types that has a kind. */
function typeOf({ apiVersion, kind }: Manifest): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion]
  return `import('kubernetes-types/${group.split('.')[0]}/${version}.d.ts').${kind}`
}

/** What the compiler says of the manifests as values of their types: unknown and missing fields, wrong types. */
function typeErrors(values: Manifest[]): string {
  // Inside this package, for the compiler to find the types.
  const scratch = mkdtempSync(fileURLToPath(new URL('node_modules/.manifests-', import.meta.url)))
  try {
    const lines = values.map((value, i) => `export const m${i}: ${typeOf(value)} = ${JSON.stringify(value)}`)
    writeFileSync(join(scratch, 'manifests.ts'), lines.join('\n'))
    const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
    const options = '--noEmit --strict --module nodenext --skipLibCheck --allowImportingTsExtensions --ignoreConfig'
    execFileSync(process.execPath, [compiler, ...options.split(' '), join(scratch, 'manifests.ts')], {
      encoding: 'utf8',
    })
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

function environmentOf(container: Container): Record<string, string> {
  const [, image = '', target = ''] = /^pentimento\/(\w+):[\d.]+-?(\w*)$/.exec(container.image ?? '') ?? []
  const shared = (container.envFrom ?? []).map((source: EnvFromSource) => {
    const name = source.configMapRef?.name ?? source.secretRef?.name
    const kind = source.configMapRef === undefined ? 'Secret' : 'ConfigMap'
    const found = ofKind(kind).find(({ metadata }) => metadata.name === name)
    return found?.data ?? found?.stringData ?? {}
  })
  const own = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? '']))
  return Object.assign(imageEnvironment(`docker/${image}.Dockerfile`, target || image), ...shared, own)
}

describe('the Kubernetes manifests', () => {
  it('follow the types of the API', () => {
    expect(typeErrors(manifests)).toBe('')
  })

  it('would not pass with a field that the API does not know', () => {
    const [deployment] = ofKind('Deployment')
    expect(typeErrors([{ ...deployment, spec: { ...deployment.spec, replica: 2 } }])).toContain(
      '"replica"\' does not exist',
    )
  })

  it('are all in the kustomization but the example of the secret and the commands', () => {
    const { resources } = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'))
    expect([...resources, 'secret.example.yaml', 'cli.yaml'].sort()).toEqual(files.sort())
  })

  it('have what a deployment needs', () => {
    const named = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    const needed = ['Deployment api', 'Service api', 'HorizontalPodAutoscaler api', 'Deployment worker-background']
    const stores = ['StatefulSet redis', 'Service redis', 'ConfigMap pentimento', 'Secret pentimento']
    expect(named).toEqual(expect.arrayContaining([...needed, ...stores]))
    // A worker for a model, which it names; whoever has several copies it.
    expect(ofKind('Deployment').filter(({ metadata }) => metadata.name.startsWith('worker-'))).toHaveLength(2)
    expect(environmentOf(containerOf('worker-still-life'))).toMatchObject({ ROLES: 'generate', MODELS: 'still-life' })
    // Redis is one, and a budget would keep its node from ever being emptied.
    const guarded = ofKind('PodDisruptionBudget').map(({ spec }) => spec.selector.matchLabels.app)
    expect(guarded.sort()).toEqual(['api', 'worker', 'worker-background'])
  })

  it('give every container longer to end than it may take', () => {
    const grace = (name: string) => workloads.find(({ metadata }) => metadata.name === name)?.spec.template.spec
    const { api } = configurationOf('api', environmentOf(containerOf('api')))
    // DRAIN_DELAY, then twelve seconds for what is under way.
    expect(grace('api').terminationGracePeriodSeconds).toBeGreaterThan((api?.api.drainDelayMs ?? 0) / 1000 + 12)
    for (const name of ['worker-still-life', 'worker-background']) {
      const { worker } = configurationOf('worker', environmentOf(containerOf(name)))
      const ms = (worker?.drainTimeoutMs ?? 0) + (worker?.engine.cancelGraceMs ?? 0) + 5000
      expect(grace(name).terminationGracePeriodSeconds).toBeGreaterThan(ms / 1000)
    }
  })

  it('lie in one namespace', () => {
    const elsewhere = manifests.filter(
      ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'pentimento',
    )
    expect(elsewhere).toEqual([])
  })

  it.each(ofKind('Service', 'PodDisruptionBudget').map((one) => [`${one.kind} ${one.metadata.name}`, one]))(
    'have pods for %s',
    (_, { spec }) => {
      const wanted = Object.entries(spec.selector.matchLabels ?? spec.selector)
      const matching = workloads.filter(({ spec: { template } }) =>
        wanted.every(([label, value]) => template.metadata.labels[label] === value),
      )
      expect(matching.length).toBeGreaterThan(0)
      for (const port of (spec as Service['spec'])?.ports ?? []) {
        const known = matching.flatMap(({ spec: { template } }) =>
          template.spec.containers.flatMap((c: Container) => c.ports),
        )
        expect(
          known.some(({ name, containerPort }) => [name, containerPort].includes(port.targetPort ?? port.port)),
        ).toBe(true)
      }
    },
  )

  it.each(workloads.map((workload) => [workload.metadata.name, workload]))(
    'select their own pods: %s',
    (_, { spec }) => {
      expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels)
    },
  )

  it('scale a deployment that is there', () => {
    for (const { spec } of ofKind('HorizontalPodAutoscaler')) {
      expect(workloads.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain(
        `${spec.scaleTargetRef.kind} ${spec.scaleTargetRef.name}`,
      )
    }
  })

  it.each(ours.map(({ name, container }) => [name, container]))(
    'start %s with a configuration that it takes',
    (_, container) => {
      const environment = environmentOf(container)
      expect(unexplained(environment)).toEqual([])
      const { api, worker } = configurationOf(container.name === 'api' ? 'api' : 'worker', environment)
      const ports = (container.ports ?? []).map(({ containerPort }: { containerPort: number }) => containerPort)
      if (api !== null) {
        expect(api).toMatchObject({ address: { host: '0.0.0.0' }, api: { auth: 'keys' } })
        expect(ports).toEqual([api.address.port, api.api.metricsPort])
      }
      if (worker !== null) {
        expect(worker.probes.host).toBe('0.0.0.0')
        expect(ports).toEqual([worker.probes.port])
      }
    },
  )

  it.each(containers.map(({ name, workload, container }) => [name, workload, container]))(
    'give %s no rights, and probes',
    (_, { spec: { template } }, container) => {
      expect(template.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect(template.spec.automountServiceAccountToken).toBe(false)
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(container.resources.limits).toHaveProperty('memory')
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) expect(container).toHaveProperty(probe)
      const ports = container.ports.map(({ name }: { name: string }) => name)
      for (const { httpGet } of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
        if (httpGet !== undefined) expect(ports).toContain(httpGet.port)
      }
    },
  )

  it('give the commands no rights', () => {
    const [{ spec }] = ofKind('Pod')
    expect(spec.securityContext.runAsNonRoot).toBe(true)
    expect(spec.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('mount claims that are there', () => {
    const claims = ofKind('PersistentVolumeClaim').map(({ metadata }) => metadata.name)
    const specs = [...workloads.map(({ spec }) => spec.template.spec), ...ofKind('Pod').map(({ spec }) => spec)]
    for (const { volumes = [], containers: all } of specs) {
      for (const { persistentVolumeClaim } of volumes) {
        if (persistentVolumeClaim !== undefined) expect(claims).toContain(persistentVolumeClaim.claimName)
      }
      const named = volumes.map(({ name }: { name: string }) => name)
      for (const { volumeMounts = [] } of all) {
        // A claim of a StatefulSet's own has no volume.
        for (const { name } of volumeMounts) expect([...named, 'data']).toContain(name)
      }
    }
  })

  it('give a GPU to the workers that generate, and only to them', () => {
    for (const { container } of ours) {
      const generates = environmentOf(container).ROLES === 'generate'
      expect(container.resources.limits['nvidia.com/gpu']).toBe(generates ? '1' : undefined)
    }
  })

  it('let no pod out or in that no policy names', () => {
    const policies: NetworkPolicy[] = ofKind('NetworkPolicy')
    expect(policies[0]?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
    const leaving = policies.filter(({ spec }) =>
      spec?.egress?.some(({ to }) => to?.some(({ ipBlock }) => ipBlock !== undefined)),
    )
    expect(leaving.map(({ metadata }) => metadata?.name)).toEqual(['to-internet'])
    expect(leaving[0]?.spec?.podSelector?.matchExpressions).toEqual([
      { key: 'app', operator: 'In', values: ['api', 'worker-background', 'cli'] },
    ])
  })
})
