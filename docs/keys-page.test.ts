import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { keyLimits, keyScopes } from '../packages/contracts/src/keys.ts'
import { limitOptions } from '../services/cli/src/keys/new-key.ts'

const page = await readFile(new URL('keys.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `(\w+)` \| `--([a-z-]+)` \|/gm)]

describe('docs/keys.md', () => {
  it('tells every limit and its option', () => {
    expect(rows.map(([, field]) => field)).toEqual(Object.keys(keyLimits.shape))
    expect(
      rows
        .map(([, , option]) => option)
        .filter((option) => option !== 'models' && option !== 'safety')
        .sort(),
    ).toEqual([...limitOptions].sort())
  })

  it('tells every scope', () => {
    const scopes = page.split('| scope | allows |')[1]?.split('\n\n')[0] ?? ''
    expect([...scopes.matchAll(/^\| `(\w+)` \|/gm)].map(([, scope]) => scope)).toEqual(keyScopes)
  })
})
