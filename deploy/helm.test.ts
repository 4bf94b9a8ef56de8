import { readFileSync } from 'node:fs'
import type { IContainer } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configurationOf, imageEnvironment, unexplained } from './testing/environment.ts'
import { type Manifest, renderChart, valueSets } from './testing/render-chart.ts'
import { typeErrors, validateManifest } from './testing/validate-manifests.ts'

const helm = process.env.HELM ?? ''
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** What of a release the tests ask for. */
function release(set: string, settings: string[] = []) {
  const manifests = renderChart(helm, set, settings)
  const ofKind = (...kinds: string[]) => manifests.filter(({ kind }) => kinds.includes(kind))
  const workloads = ofKind('Deployment', 'StatefulSet')
  const find = (kind: string, name: string) => {
    const found = manifests.find((one) => one.kind === kind && one.metadata.name === name)
    if (!found) throw new Error(`${set} has no ${kind} ${name}`)
    return found
  }
  /** Variables of a container: of its image, of the shared settings, its own. */
  const environmentOf = (container: IContainer): Record<string, string> => {
    const [, image = '', target = ''] = /\/(api|worker|cli):[\d.]+-?(\w*)$/.exec(container.image ?? '') ?? []
    const secret = { SECRETS_KEY: 'A'.repeat(43).concat('='), AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
    const own = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? '']))
    const file = image === 'api' ? 'docker/api.Dockerfile' : 'docker/worker.Dockerfile'
    const shared = find('ConfigMap', 'pentimento').data
    return { ...imageEnvironment(file, target || image), ...shared, ...secret, ...own }
  }
  return { manifests, ofKind, workloads, find, environmentOf }
}

describe.skipIf(helm === '')('the chart', () => {
  it('has ten examples or more', () => {
    expect(valueSets.length).toBeGreaterThanOrEqual(10)
  })

  const releases = new Map(helm === '' ? [] : valueSets.map((set) => [set, release(set)]))
  const all = [...releases.values()].flatMap(({ manifests }) => manifests)

  it('makes values of the types of the API alone', () => {
    const different = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
    const [deployment] = all.filter(({ kind }) => kind === 'Deployment')
    const [scaled] = all.filter(({ kind }) => kind === 'ScaledObject')
    const errors = typeErrors([
      ...different,
      { ...deployment, spec: { ...deployment.spec, replica: 2 } },
      { ...scaled, spec: { ...scaled.spec, minReplicas: 2 } },
    ])
    // Nothing is wrong but the two that are to be noticed.
    expect(errors.match(/"[^"]+"' does not exist/g)).toEqual([
      `"replica"' does not exist`,
      `"minReplicas"' does not exist`,
    ])
    expect(errors.match(/error TS/g)).toHaveLength(2)
  })

  describe.each([...releases])('with the values of %s', (set, { manifests, ofKind, workloads, environmentOf }) => {
    it('keeps to the schemas of Kubernetes, KEDA and the Prometheus operator', async () => {
      for (const manifest of manifests) await validateManifest(manifest)
      const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      expect(new Set(names).size).toBe(names.length)
      for (const { metadata } of manifests) expect(metadata.name.length).toBeLessThanOrEqual(63)
    })

    it('has pods for what selects some, and claims for what mounts some', () => {
      const pods = workloads.map(({ spec }) => spec.template)
      const matches = (wanted: Record<string, string>) =>
        pods.filter(({ metadata }) => Object.entries(wanted).every(([key, value]) => metadata.labels[key] === value))
      for (const { spec } of workloads) expect(matches(spec.selector.matchLabels)).toHaveLength(1)
      for (const { spec } of ofKind('PodDisruptionBudget')) expect(matches(spec.selector.matchLabels)).toHaveLength(1)
      for (const { spec } of ofKind('Service')) {
        const [pod] = matches(spec.selector)
        const ports = pod.spec.containers.flatMap(({ ports = [] }: IContainer) => ports.map(({ name }) => name))
        for (const { targetPort } of spec.ports) expect(ports).toContain(targetPort)
      }
      const claims = ofKind('PersistentVolumeClaim').map(({ metadata }) => metadata.name)
      for (const { spec } of pods) {
        const volumes = spec.volumes ?? []
        for (const { persistentVolumeClaim: claim } of volumes)
          if (claim && claim.claimName !== 'models-efs') expect(claims).toContain(claim.claimName)
        const names = [...volumes.map(({ name }: { name: string }) => name), 'data']
        for (const { volumeMounts } of [...spec.containers, ...(spec.initContainers ?? [])])
          for (const { name } of volumeMounts) expect(names).toContain(name)
      }
    })

    it('gives containers no rights, and probes to those that serve', () => {
      for (const { spec, metadata } of workloads.map(({ spec: { template } }) => template)) {
        expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
        expect(spec.automountServiceAccountToken).toBe(false)
        for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
          expect(container.securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          })
          expect(container.resources.limits).toHaveProperty('memory')
        }
        if (metadata.labels['app.kubernetes.io/component'] === 'cli') continue
        for (const container of spec.containers)
          for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
            expect(container).toHaveProperty(probe)
      }
    })

    it('starts every part with settings that it takes, and lets it end in time', () => {
      for (const { spec, metadata } of workloads) {
        const { containers, terminationGracePeriodSeconds: grace } = spec.template.spec
        const [container] = containers
        if (!['api', 'worker'].includes(container.name)) continue
        const environment = environmentOf(container)
        expect(unexplained(environment), metadata.name).toEqual([])
        const { api, worker } = configurationOf(container.name, environment)
        const ports = container.ports.map(({ containerPort }: { containerPort: number }) => containerPort)
        if (api !== null) {
          expect(api).toMatchObject({ address: { host: '0.0.0.0' }, api: { auth: 'keys' } })
          expect(ports).toEqual([api.address.port, api.api.metricsPort])
          // DRAIN_DELAY, then twelve seconds for what is under way.
          expect(grace).toBeGreaterThan(api.api.drainDelayMs / 1000 + 12)
        }
        if (worker !== null) {
          expect(worker.probes).toEqual({ host: '0.0.0.0', port: ports[0] })
          expect(grace).toBeGreaterThan((worker.drainTimeoutMs + worker.engine.cancelGraceMs + 5000) / 1000)
        }
      }
    })

    it('gives GPUs to the workers that paint on one, and scales what is there', () => {
      const painting = workloads.filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === 'worker')
      expect(painting.length).toBeGreaterThan(0)
      for (const { spec } of workloads) {
        const [container] = spec.template.spec.containers
        const gpus = Object.keys(container.resources.limits).filter((name) => name.startsWith('nvidia.com/'))
        expect(gpus).toHaveLength(container.image.endsWith('-cuda') ? 1 : 0)
      }
      for (const { spec } of ofKind('HorizontalPodAutoscaler', 'ScaledObject')) {
        const { kind, name } = spec.scaleTargetRef
        const target = workloads.find((one) => one.kind === kind && one.metadata.name === name)
        // Its number is the autoscaler's alone.
        expect(target?.spec).not.toHaveProperty('replicas')
      }
    })

    it('lets no pod out or in that no policy names', () => {
      const policies = ofKind('NetworkPolicy')
      if (set === 'fixed') return expect(policies).toEqual([])
      expect(policies[0]?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] })
      expect(policies[0]?.spec).not.toHaveProperty('egress')
      const open = policies.filter(({ spec }) => JSON.stringify(spec.egress ?? []).includes('0.0.0.0/0'))
      expect(open.map(({ metadata }) => metadata.name)).toEqual(['pentimento-to-internet'])
      const pulls = workloads.some(({ spec }) => spec.template.spec.initContainers)
      const parts = open[0]?.spec.podSelector.matchExpressions[0].values
      expect(parts).toEqual(pulls ? ['api', 'background', 'cli', 'worker'] : ['api', 'background', 'cli'])
    })
  })
})

describe.skipIf(helm === '')('a ScaledObject', () => {
  const triggersOf = (set: string, name: string, settings: string[] = []) =>
    release(set, settings).find('ScaledObject', name).spec.triggers

  it('asks the api for the backlog of its models, and wants what the simulation chose', () => {
    const url = 'http://pentimento-api-internal.pentimento.svc:9090/backlog?model=sd15&model=dreams.v2'
    const metadata = (valueLocation: string, targetValue: string) => ({ url, valueLocation, targetValue })
    const trigger = { type: 'metrics-api', metricType: 'AverageValue' }
    expect(triggersOf('many-models', 'pentimento-worker-small')).toEqual([
      { ...trigger, metadata: metadata('seconds', '30') },
      { ...trigger, metadata: metadata('running', '6') },
    ])
    const { ports } = release('many-models').find('Service', 'pentimento-api-internal').spec
    expect(ports).toEqual([{ name: 'metrics', port: 9090, targetPort: 'metrics' }])
  })

  it('asks Prometheus, where that is wanted', () => {
    const queries = triggersOf('monitored', 'pentimento-worker-sd15').map(({ metadata }: Manifest) => metadata.query)
    const labels = String.raw`{namespace="pentimento",model=~"sd15|dreams\\.v2"}`
    expect(queries).toEqual([
      `sum(max by (model) (pentimento_queue_backlog_seconds${labels}))`,
      `sum(max by (model) (pentimento_queue_running${labels}))`,
    ])
  })

  it('goes down to none, or to what is to stay', () => {
    const { find } = release('many-models')
    const bounds = (name: string) => {
      const { minReplicaCount, maxReplicaCount } = find('ScaledObject', name).spec
      return [minReplicaCount, maxReplicaCount]
    }
    expect(bounds('pentimento-worker-small')).toEqual([0, 12])
    expect(bounds('pentimento-worker-xl')).toEqual([1, 6])
  })
})

describe.skipIf(helm === '')('values of the chart', () => {
  it.each([
    ['publicUrl=""', 'publicUrl: set it to the address that clients use'],
    ['publicUrl="images.example.com"', "'/publicUrl'"],
    ['storage.url=""', 'storage.url: set it to s3://bucket/prefix'],
    ['storage.claim.enabled=true', 'storage.url and storage.claim.enabled: set one of both'],
    ['redis.trial.enabled=true', 'redis.url and redis.trial.enabled: set one of both'],
    ['workers={"sd15":null}', 'workers: name at least one set'],
    ['workers.sd15.models=[]', 'workers.sd15.models: name the models'],
    ['workers.sd15.device="tpu"', "'/workers/sd15/device'"],
    ['workers.sd15.scaling.most=0', "'/workers/sd15/scaling/most'"],
    ['workers.sd15.scaling={"enabled":true,"least":9,"most":2}', 'most is below least'],
    ['workers.sd15.pull=["a/b"]', 'needs models.volume: pod'],
    ['workers.sd15.replica=2', "'replica' not allowed"],
    ['config.log_level="info"', "'log_level'"],
    ['scaling.source="prometheus"', 'scaling.prometheusAddress: is needed'],
  ])('that cannot be are refused with what to do: %s', (setting, said) => {
    expect(() => renderChart(helm, 'gpu', [setting])).toThrow(said)
  })

  it('take the names of a release and a namespace into account, and alerts as they stand in deploy/prometheus', () => {
    const { find, ofKind } = release('monitored')
    expect(find('PrometheusRule', 'pentimento').spec).toEqual(parse(read('prometheus/alerts.yml')))
    const jobs = ofKind('ServiceMonitor', 'PodMonitor').flatMap(({ spec }) =>
      (spec.endpoints ?? spec.podMetricsEndpoints).map(({ relabelings }: Manifest) => relabelings[0].replacement),
    )
    const { scrape_configs } = parse(read('prometheus/prometheus.yml'))
    expect(jobs.sort()).toEqual(scrape_configs.map(({ job_name }: { job_name: string }) => job_name))
  })
})

it('the chart has the version of the package', () => {
  const { version } = JSON.parse(read('../package.json'))
  expect(parse(read('helm/pentimento/Chart.yaml'))).toMatchObject({ version, appVersion: version })
})
