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
