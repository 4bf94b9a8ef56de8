import { type Attack, keepDoing } from './context.ts'

/** Test events to one host, as many as are taken; `receiver` is a server that takes its time. */
export function testEvents(receiver: string): Attack {
  return {
    name: 'test-events',
    async run({ url, token, until }) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      await fetch(`${url}/v1/webhook-secret/rotate`, {
        method: 'POST',
        headers: { authorization: headers.authorization },
      })
      const body = JSON.stringify({ url: receiver })
      await keepDoing(4, until, async () => {
        const answer = await fetch(`${url}/v1/webhooks/test`, { method: 'POST', body, headers, signal: until })
        await answer.text()
        if (!answer.ok) throw new Error('refused')
      })
    },
  }
}
