import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startSettings } from '../state/settings.ts'
import { readSettings } from './keep-settings.ts'

describe('readSettings', () => {
  it('reads what was kept', () => {
    expect(readSettings(JSON.stringify(startSettings))).toEqual(startSettings)
  })

  it('takes no harm from anything else', () => {
    expect(readSettings('{"steps":"20","strength":0.5,"__proto__":"x","other":"y"}')).toEqual({ steps: '20' })
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.constant(null)), (text) => {
        for (const value of Object.values(readSettings(text))) expect(typeof value).toBe('string')
      }),
    )
  })
})
