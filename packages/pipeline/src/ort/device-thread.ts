import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { createDeviceHost } from './device-host.ts'
import type { OpenGraph } from './graph.ts'
import { type DeviceThreadData, type FromDevice, type ToDevice, toFailure } from './thread-messages.ts'
import type { Values } from './values.ts'

/**
 * The device's side of the two threads. It is told everything by messages, and looks for them before it decides what
 * comes next.
 */
export function serveDevice(openGraph: OpenGraph): void {
  const port = parentPort
  if (!port) throw new Error('the device thread is started by the engine, not by hand')
  const { limits } = workerData as DeviceThreadData
  const host = createDeviceHost(openGraph, limits, () => {
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) hear(more.message)
  })
  let answers: FromDevice[] = []
  let moved = new Set<ArrayBuffer>()

  function answer(one: FromDevice): void {
    // All that one call has answered goes back as one message.
    if (answers.length === 0) queueMicrotask(flush)
    answers.push(one)
  }

  function flush(): void {
    const [messages, transfer] = [answers, [...moved]]
    answers = []
    moved = new Set()
    port?.postMessage(messages, transfer)
  }

  function handle(message: ToDevice & { call: number }): Promise<unknown> {
    switch (message.type) {
      case 'open':
        return host.open(...message.args)
      case 'run':
        return host.run(...message.args).then(({ values, newShapeMs }) => ({ values: moveOut(values), newShapeMs }))
      case 'release':
        return host.release(...message.args)
      case 'ask':
        return host.ask(...message.args)
      case 'limitRows':
        return host.limitRows(...message.args)
      default:
        return host.figures()
    }
  }

  function moveOut(values: Record<string, Values>): Record<string, Values> {
    for (const { data } of Object.values(values)) moved.add(data.buffer as ArrayBuffer)
    return values
  }

  function hear(messages: ToDevice[]): void {
    for (const message of messages) {
      if (message.type === 'addRow') host.addRow(...message.args)
      else if (message.type === 'dropRows') host.dropRows(...message.args)
      else
        new Promise((resolve) => resolve(handle(message))).then(
          (value) => answer({ call: message.call, value }),
          (error) => answer({ call: message.call, error: toFailure(error) }),
        )
    }
  }

  port.on('message', hear)
}
