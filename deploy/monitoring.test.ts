import { readFileSync } from 'node:fs'
import { errorCodes, jobStatuses } from '@pentimento/contracts'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createMetrics as createApiMetrics } from '../services/api/src/metrics.ts'
import { createMetrics as createWorkerMetrics, sweepPasses, webhookOutcomes } from '../services/worker/src/metrics.ts'
import { type DeclaredMetric, declaredMetrics } from './testing/declared-metrics.ts'
import { referencesOf } from './testing/promql-references.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Labels that Prometheus itself adds. */
const SCRAPED = ['job', 'instance']

const declared = [
  ...declaredMetrics(createApiMetrics({} as never).registry),
  ...declaredMetrics(createWorkerMetrics().registry),
]

/** Every series that the services emit, with its labels; `up` is Prometheus' own. */
const series = new Map<string, Set<string>>([['up', new Set(SCRAPED)]])
for (const metric of declared) {
  for (const [name, labels] of seriesOf(metric)) {
    series.set(name, new Set([...(series.get(name) ?? SCRAPED), ...labels]))
  }
}

function seriesOf({ name, type, labels }: DeclaredMetric): [string, string[]][] {
  if (type !== 'histogram') return [[name, labels]]
  return [
    [`${name}_bucket`, [...labels, 'le']],
    [`${name}_sum`, labels],
    [`${name}_count`, labels],
  ]
}

/** Values that these labels can have; the others' are open. */
const values: Record<string, readonly string[]> = {
  'pentimento_jobs_ended_total status': jobStatuses,
  'pentimento_jobs_ended_total code': errorCodes,
  'pentimento_requests_refused_total code': errorCodes,
  'pentimento_job_stage_seconds_sum stage': ['queue', 'load', 'encode', 'denoise', 'decode', 'upload'],
  'pentimento_job_stage_seconds_bucket stage': ['queue', 'load', 'encode', 'denoise', 'decode', 'upload'],
  'pentimento_swept_total pass': sweepPasses,
  'pentimento_webhook_attempts_total outcome': webhookOutcomes,
}

/** What an expression asks for and the code does not emit. */
function missing(expression: string): string[] {
  const { metrics, grouping } = referencesOf(expression)
  const known = (label: string, names: string[]) => names.some((name) => series.get(name)?.has(label))
  return [
    ...metrics.filter(({ metric }) => !series.has(metric)).map(({ metric }) => metric),
    ...metrics.flatMap(({ metric, matchers }) =>
      matchers.flatMap(({ label, value }) => {
        if (!known(label, [metric])) return [`${metric}{${label}}`]
        const allowed = values[`${metric} ${label}`]
        return allowed ? value.split('|').filter((one) => !allowed.includes(one)) : []
      }),
    ),
    ...grouping.filter(
      (label) =>
        !known(
          label,
          metrics.map(({ metric }) => metric),
        ),
    ),
  ]
}

const rulesSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['groups'],
  properties: {
    groups: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'rules'],
        properties: {
          name: { type: 'string' },
          interval: { type: 'string' },
          rules: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['alert', 'expr', 'labels', 'annotations'],
              properties: {
                alert: { type: 'string', pattern: '^Pentimento[A-Za-z]+$' },
                expr: { type: 'string', minLength: 1 },
                for: { type: 'string', pattern: '^([0-9]+(ms|[smhdwy]))+$' },
                labels: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['severity'],
                  properties: { severity: { enum: ['critical', 'warning'] } },
                },
                annotations: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['summary', 'description'],
                  properties: { summary: { type: 'string' }, description: { type: 'string' } },
                },
              },
            },
          },
        },
      },
    },
  },
}

describe('the alert rules', () => {
  const rules = parse(read('prometheus/alerts.yml'))
  const alerts: { alert: string; expr: string; annotations: Record<string, string> }[] = rules.groups[0].rules

  it('have the form that Prometheus reads', () => {
    const validate = new Ajv({ allErrors: true }).compile(rulesSchema)
    validate(rules)
    expect(validate.errors).toBeNull()
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)
  })

  it.each(alerts.map(({ alert, expr }) => [alert, expr]))('%s asks for what is emitted', (_, expr) => {
    expect(missing(expr)).toEqual([])
  })

  it('are loaded by the example of a configuration, whose jobs they name', () => {
    const { rule_files, scrape_configs } = parse(read('prometheus/prometheus.yml'))
    expect(rule_files).toEqual(['alerts.yml'])
    const jobs = scrape_configs.map(({ job_name }: { job_name: string }) => job_name)
    for (const job of jobs) expect(job).toMatch(/^pentimento-.+$/)
  })
})

interface Panel {
  id: number
  type: string
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { refId: string; expr: string; legendFormat: string }[]
}

describe('the dashboard', () => {
  const dashboard = JSON.parse(read('grafana/pentimento.json'))
  const panels: Panel[] = dashboard.panels
  const targets = panels.flatMap(({ title, targets = [] }) => targets.map((target) => [title, target] as const))

  it('has panels that do not overlap, each with an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
  })

  it.each(targets.map(([title, { expr }]) => [title, expr]))('shows in "%s" what is emitted: %s', (_, expr) => {
    expect(missing(expr)).toEqual([])
  })

  it.each(targets)('names in the legend of "%s" labels that its figures keep', (_, { expr, legendFormat }) => {
    const { metrics, grouping } = referencesOf(expr)
    const kept = expr.includes(' by (') ? grouping : metrics.flatMap(({ metric }) => [...(series.get(metric) ?? [])])
    for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(kept).toContain(label)
  })

  it('shows every figure of our own', () => {
    const shown = new Set(targets.flatMap(([, { expr }]) => referencesOf(expr).metrics.map(({ metric }) => metric)))
    const own = declared.filter(({ name }) => !/^pentimento_(api|worker)_/.test(name))
    const unseen = own.filter((metric) => !seriesOf(metric).some(([name]) => shown.has(name)))
    // What an autoscaler asks for is waiting and held jobs together, which are shown apart.
    expect(unseen.map(({ name }) => name)).toEqual(['pentimento_queue_jobs'])
  })

  it('takes its variables from what is emitted', () => {
    const [, model] = dashboard.templating.list
    expect(model.query.query).toBe('label_values(pentimento_workers, model)')
    expect(series.get('pentimento_workers')).toContain('model')
  })
})

describe('the check', () => {
  it.each([
    ['sum(rate(pentimento_jobs_finished_total[5m]))', ['pentimento_jobs_finished_total']],
    ['pentimento_queue_waiting{tenant="a"}', ['pentimento_queue_waiting{tenant}']],
    ['sum by (colour) (pentimento_queue_waiting)', ['colour']],
    ['pentimento_jobs_ended_total{status="done"}', ['done']],
    ['rate(pentimento_step_seconds[5m])', ['pentimento_step_seconds']],
    ['a_metric and on (model) pentimento_queue_waiting * 2', ['a_metric']],
  ])('finds what is not there: %s', (expression, found) => {
    expect(missing(expression)).toEqual(found)
  })

  it.each(['sum(up', 'up{job="a"', 'up{job}', 'up{job="a" instance="b"}', 'sum(up) & 1'])(
    'refuses %s',
    (expression) => {
      expect(() => referencesOf(expression)).toThrow()
    },
  )
})
