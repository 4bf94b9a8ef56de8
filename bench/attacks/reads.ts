import { type Attack, keepDoing } from './context.ts'
import { head, keepOpen, over, submitJob } from './raw-http.ts'

async function makeJobs(count: number, url: string, token: string, until: AbortSignal): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count && !until.aborted; i++) ids.push(await submitJob(url, token, until))
  return ids
}

/** Pages of 100 jobs, 500 at once on each of 8 connections. */
export const pipelinedLists: Attack = {
  name: 'pipelined-lists',
  async run({ url, token, until }) {
    await makeJobs(100, url, token, until)
    await keepOpen(8, url, until, (socket) => {
      socket.resume().write(head('GET', '/v1/jobs?limit=100', token).repeat(500))
    })
  },
}

/** Pages of 100 jobs over 300 connections, each asking again as soon as it has its answer. */
export const listStorm: Attack = {
  name: 'list-storm',
  async run({ url, token, until }) {
    await makeJobs(100, url, token, until)
    const headers = { authorization: `Bearer ${token}` }
    await keepDoing(300, until, async () =>
      (await fetch(`${url}/v1/jobs?limit=100`, { headers, signal: until })).text(),
    )
  },
}

/** 3,000 streams of the events of a few jobs, each of which ends as soon as all follow it. */
export const eventStreams: Attack = {
  name: 'event-streams',
  async run({ url, token, until }) {
    const headers = { authorization: `Bearer ${token}` }
    while (!until.aborted) {
      const id = await submitJob(url, token, until)
      const round = AbortSignal.any([until, AbortSignal.timeout(5000)])
      await keepOpen(3000, url, round, (socket) => {
        socket.resume().write(head('GET', `/v1/jobs/${id}/events?previews=1`, token))
      })
      await fetch(`${url}/v1/jobs/${id}/cancel`, { method: 'POST', headers, signal: until }).catch(() => {})
    }
    await over(until)
  },
}

/** Everything that waits for the end of a job, over 1,500 connections: long polls, and submits that prefer to wait. */
export const longPolls: Attack = {
  name: 'long-polls',
  async run({ url, token, until }) {
    const [id = ''] = await makeJobs(1, url, token, until)
    const body = '--x\r\ncontent-disposition: form-data; name="prompt"\r\n\r\np\r\n--x--\r\n'
    const form = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(body.length) }
    await keepOpen(1500, url, until, (socket, n) => {
      socket.resume()
      if (n % 3 > 0) socket.write(head('GET', `/v1/jobs/${id}?wait=60`, token))
      else socket.write(head('POST', '/v1/img2img?wait=60', token, form) + body)
    })
  },
}
