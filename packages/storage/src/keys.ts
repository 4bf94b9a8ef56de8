import { jobIdPattern } from '@pentimento/contracts'
import { assertKey } from './key-rules.ts'

const TENANT = /^[a-z0-9][a-z0-9_-]{0,63}$/
const INPUT_NAME = /^[a-z0-9][a-z0-9_-]{0,31}\.[a-z]{2,5}$/
const IMAGE_FORMATS = ['png', 'jpeg', 'webp']

/** Everything a job keeps lies below this prefix. */
export function jobPrefix(tenant: string, jobId: string): string {
  check('tenant', tenant, TENANT.test(tenant))
  check('job id', jobId, jobIdPattern.test(jobId))
  return `tenants/${tenant}/jobs/${jobId}/`
}

/** What one attempt wrote, so that an attempt that lost can be removed alone. `attempt` counts from 1. */
export function attemptPrefix(tenant: string, jobId: string, attempt: number): string {
  check('attempt', attempt, Number.isInteger(attempt) && attempt >= 1 && attempt <= 999)
  return `${jobPrefix(tenant, jobId)}attempts/${attempt}/`
}

/** The uploads of the job. */
export function inputsPrefix(tenant: string, jobId: string): string {
  return `${jobPrefix(tenant, jobId)}inputs/`
}

/** An upload of the job; `name` carries the extension of its format, such as `image.png` or `mask.webp`. */
export function inputKey(tenant: string, jobId: string, name: string): string {
  check('input name', name, INPUT_NAME.test(name))
  return asKey(`${inputsPrefix(tenant, jobId)}${name}`)
}

/** A result image; `index` counts from 0, `format` is png, jpeg or webp. */
export function resultKey(tenant: string, jobId: string, attempt: number, index: number, format: string): string {
  check('image index', index, Number.isInteger(index) && index >= 0 && index <= 999)
  check('image format', format, IMAGE_FORMATS.includes(format))
  return asKey(`${attemptPrefix(tenant, jobId, attempt)}${index}.${format}`)
}

/** A file that a tenant has put down for its requests. */
export function fileKey(tenant: string, id: string, format: string): string {
  check('tenant', tenant, TENANT.test(tenant))
  check('file id', id, /^[0-9a-f]{32}$/.test(id))
  check('image format', format, IMAGE_FORMATS.includes(format))
  return asKey(`tenants/${tenant}/files/${id}.${format}`)
}

function asKey(key: string): string {
  assertKey(key)
  return key
}

function check(what: string, value: unknown, valid: boolean): void {
  if (!valid) throw new TypeError(`not a valid ${what} for an object key: ${JSON.stringify(value)}`)
}
