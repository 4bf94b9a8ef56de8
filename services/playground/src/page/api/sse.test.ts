import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventParser, readEvents } from './sse.ts'

describe('eventParser', () => {
  it('reads names, data of several lines, ids and comments', () => {
    const parse = eventParser()
    expect(parse(': hello\nid: 7\nevent: progress\ndata: {"step":1}\n\ndata: a\ndata:  b\n\n')).toEqual([
      { event: 'progress', data: '{"step":1}', id: '7' },
      { event: 'message', data: 'a\n b', id: '7' },
    ])
  })

  it('drops events without data and fields it does not know', () => {
    expect(eventParser()('event: ping\n\nretry: 10\nfoo\n\ndata\n\n')).toEqual([{ event: 'message', data: '', id: '' }])
  })

  it('gives the same events however the stream is cut and whatever ends its lines', () => {
    const stream = 'event: a\ndata: 1\ndata: 2\n\n: note\n\nid: x\ndata: ünï\n\n'
    const whole = eventParser()(stream)
    fc.assert(
      fc.property(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(80)), (ending, cuts) => {
        const text = stream.replaceAll('\n', ending)
        const parse = eventParser()
        const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length]
        const events = places.flatMap((place, index) => parse(text.slice(place, places[index + 1] ?? place)))
        // A lone \r can only be told from \r\n by what follows it.
        expect([...events, ...parse('\n')].slice(0, whole.length)).toEqual(whole)
      }),
    )
  })

  it('reads a body whose pieces cut characters in two', async () => {
    const bytes = new TextEncoder().encode('data: ü\n\n')
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const events = []
    for await (const event of readEvents(body)) events.push(event.data)
    expect(events).toEqual(['ü'])
  })
})
