import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { verifyWebhook, WebhookInvalid } from './webhook.ts'

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const body = JSON.stringify({
  type: 'job.succeeded',
  timestamp: '2026-01-01T00:00:00.000Z',
  data: { id: 'job_x', prompt: '日本' },
})

function signed(text = body, at = new Date(), key = secret): Record<string, string> {
  const signature = new Webhook(key).sign('evt_1', at, text)
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signature,
  }
}

it('reads what the library of Standard Webhooks signed, also beside another signature', async () => {
  expect((await verifyWebhook({ headers: signed(), body, secret })).type).toBe('job.succeeded')
  const headers = new Headers(signed())
  headers.set('webhook-signature', `v1a,xx v1,%% v1,AAAA ${headers.get('webhook-signature')}`)
  expect((await verifyWebhook({ headers, body, secret })).data.id).toBe('job_x')
})

it.each([
  ['another body', signed(`${body} `)],
  ['another secret', signed(body, new Date(), `whsec_${Buffer.alloc(32, 6).toString('base64')}`)],
  ['an old time', signed(body, new Date(Date.now() - 301_000))],
  ['no time', { ...signed(), 'webhook-timestamp': '' }],
  ['no signature', { ...signed(), 'webhook-signature': '' }],
  ['another id', { ...signed(), 'webhook-id': 'evt_2' }],
])('refuses what was signed with %s', async (_, headers) => {
  await expect(verifyWebhook({ headers, body, secret })).rejects.toThrow(WebhookInvalid)
})
