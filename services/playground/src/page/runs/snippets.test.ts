import { execFileSync } from 'node:child_process'
import { stripTypeScriptTypes } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Recipe, snippet } from './snippets.ts'

const context = { origin: 'http://127.0.0.1:8080', hasKey: false }
const recipe: Recipe = {
  kind: 'inpaint',
  fields: [
    ['prompt', `it's "a" $HOME \`x\` \\ pear\n@file;type=x`],
    ['seed', '7'],
  ],
  beside: ['mask', 'control_image'],
}
const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((value) => !value.includes('\0'))

/** What a shell hands to curl. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`
  return execFileSync('bash', ['-c', script]).toString().split('\0').slice(0, -1)
}

describe('snippet', () => {
  it('gives curl every field as it is, whatever is in it', () => {
    const words = argumentsOf(snippet('curl', recipe, context))
    expect(words.slice(0, 3)).toEqual(['http://127.0.0.1:8080/v1/inpaint', '-H', 'Prefer: wait=60'])
    expect(words).toContain('image=@input.png')
    expect(words).toContain('mask=@mask.png')
    expect(words).toContain('control_image=@control_image.png')
    // `-F` would take @ and ; in a value for its own.
    expect(words.slice(words.indexOf('--form-string'))).toEqual(
      recipe.fields.flatMap(([name, value]) => ['--form-string', `${name}=${value}`]),
    )
  })

  it('survives any prompt', () => {
    fc.assert(
      fc.property(text, (prompt) => {
        const any: Recipe = { ...recipe, fields: [['prompt', prompt]] }
        expect(argumentsOf(snippet('curl', any, context)).at(-1)).toBe(`prompt=${prompt}`)
        const program = stripTypeScriptTypes(snippet('TypeScript', any, context))
        const fields = /const fields = (\{[\s\S]*?\n\})/.exec(program)?.[1]
        expect(new Function(`return (${fields})`)()).toEqual({ prompt })
        const line = snippet('Python', any, context)
          .split('\n')
          .find((candidate) => candidate.startsWith('    "prompt": '))
        expect(JSON.parse(line?.slice('    "prompt": '.length, -1) ?? '')).toBe(prompt)
      }),
      { numRuns: 20 },
    )
  })

  it('reads no file where the prompt alone is painted', () => {
    const text: Recipe = { ...recipe, kind: 'txt2img', beside: [] }
    expect(argumentsOf(snippet('curl', text, context))[0]).toBe('http://127.0.0.1:8080/v1/txt2img')
    for (const language of ['curl', 'TypeScript', 'Python'] as const)
      expect(snippet(language, text, context)).not.toMatch(/input\.png|openAsBlob/)
  })

  it('takes the key from the environment, and only where there is one', () => {
    for (const language of ['curl', 'TypeScript', 'Python'] as const) {
      expect(snippet(language, recipe, context)).not.toContain('PENTIMENTO_KEY')
      expect(snippet(language, recipe, { ...context, hasKey: true })).toContain('PENTIMENTO_KEY')
      expect(snippet(language, { ...recipe, beside: [] }, context)).not.toContain('mask.png')
    }
  })
})
