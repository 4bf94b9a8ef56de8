import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyHistory, redo, remember, undo } from './history.ts'

/** A text that is changed by appending letters. */
function editor(limitBytes: number) {
  let text = ''
  let history = emptyHistory
  return {
    write(letter: string) {
      text += letter
      const change = {
        bytes: 1,
        undo: () => {
          text = text.slice(0, -1)
        },
        redo: () => {
          text += letter
        },
      }
      history = remember(history, change, limitBytes)
    },
    undo: () => {
      history = undo(history)
    },
    redo: () => {
      history = redo(history)
    },
    text: () => text,
    depth: () => history.done.length,
  }
}

describe('history', () => {
  it('takes changes back and makes them again', () => {
    const page = editor(100)
    for (const letter of 'abc') page.write(letter)
    page.undo()
    page.undo()
    expect(page.text()).toBe('a')
    page.redo()
    expect(page.text()).toBe('ab')
  })

  it('forgets what was undone when something new is done', () => {
    const page = editor(100)
    for (const letter of 'ab') page.write(letter)
    page.undo()
    page.write('z')
    page.redo()
    expect(page.text()).toBe('az')
  })

  it('keeps no more than the limit, but always the last change', () => {
    const page = editor(3)
    for (const letter of 'abcdef') page.write(letter)
    expect(page.depth()).toBe(3)
    const tight = editor(0)
    tight.write('a')
    tight.undo()
    expect(tight.text()).toBe('')
  })

  it('comes back to the same text after any walk of undo and redo', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.array(fc.boolean()), (letters, walk) => {
        const page = editor(1000)
        for (const letter of letters) page.write(letter)
        const written = page.text()
        for (const back of walk) back ? page.undo() : page.redo()
        expect(written.startsWith(page.text())).toBe(true)
        for (let i = 0; i < written.length; i++) page.redo()
        expect(page.text()).toBe(written)
      }),
    )
  })
})
