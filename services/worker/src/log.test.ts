import { expect, it } from 'vitest'
import { createLog } from './log.ts'

it('tells of an error its message, code and stack, and nothing that hangs on it', () => {
  const lines: string[] = []
  const log = createLog('info', { service: 'worker' }, { write: (line) => void lines.push(line) })
  const command = { name: 'hello', args: ['3', 'AUTH', 'default', 'hunter2'] }
  const err = Object.assign(new Error('refused', { cause: new Error('wrong password') }), { code: 'ENO', command })
  log.warn({ err, job: 'job_1' }, 'redis')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    service: 'worker',
    job: 'job_1',
    err: {
      type: 'Error',
      message: 'refused: wrong password',
      code: 'ENO',
      stack: expect.stringContaining('log.test.ts'),
    },
  })
  expect(lines[0]).not.toContain('hunter2')
})

it('shows no key and no webhook secret, however they are written', () => {
  const lines: string[] = []
  const log = createLog('debug', { service: 'worker' }, { write: (line) => void lines.push(line) })
  const random = 'Zk3_Qw-9RtYuIoPaSdFgHjKlZxCvBnMq1W2e3R4t5Y6'
  const secret = `whsec_${Buffer.from(random).toString('base64')}`
  log.warn({ err: new Error(`https://h/?key=pmt%5fabcdefgh2345%5F${random} was refused`) }, `of ${secret}`)
  log.debug({ engine: Buffer.from(secret).toString('base64') }, 'the engine printed a line')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'of whsec_…' }, { engine: '…' }])
  expect(lines.join('')).not.toMatch(/Zk3_Qw|Wmszx|V2hzZWN|d2hzZWN/i)
})
