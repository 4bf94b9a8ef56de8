import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const hasChromium = existsSync(executablePath)

/** A real browser, in which some names lead to this machine. */
export function openBrowser(names: readonly string[] = []): Promise<Browser> {
  const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join(', ')
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', ...(rules ? [`--host-resolver-rules=${rules}`] : [])],
  })
}

/** A web server of somebody else, whose page is empty but for what it is given, and which has these modules beside it. */
export interface OtherSite {
  origin: string
  close(): void
}

export async function startOtherSite(head = '', modules: Record<string, string> = {}): Promise<OtherSite> {
  const server = createServer(({ url = '' }, answer) => {
    const script = modules[url]
    if (script !== undefined) return answer.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    return answer
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><title>another page</title>${head}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Runs the body of an async function in a page, where `given` is what is handed over. */
export function runIn<T>(page: Page, given: unknown, body: string): Promise<T> {
  return page.evaluate(`(async (given) => {${body}})(${JSON.stringify(given)})`) as Promise<T>
}
