import { type Attack, keepDoing } from './context.ts'

/** Test events to one host, as many as are taken; nobody listens there. */
export const testEvents: Attack = {
  name: 'test-events',
  async run({ url, token, until }) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const rotate = { method: 'POST', headers: { authorization: headers.authorization } }
    await fetch(`${url}/v1/webhook-secret/rotate`, rotate)
    const body = JSON.stringify({ url: 'http://127.0.0.1:8080/events' })
    await keepDoing(4, until, async () => {
      const answer = await fetch(`${url}/v1/webhooks/test`, { method: 'POST', body, headers, signal: until })
      await answer.text()
      if (!answer.ok) throw new Error('refused')
    })
  },
}
