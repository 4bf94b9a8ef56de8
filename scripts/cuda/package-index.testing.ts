import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ZipEntry, zip } from './zip.testing.ts'

/** A wheel that pip takes, with these files besides, and what a lock says of it. */
export function makeWheel(name: string, version: string, contents: ZipEntry[]) {
  const project = name.replaceAll('-', '_')
  const info = `${project}-${version}.dist-info`
  const text = (file: string, content: string): ZipEntry => ({ name: `${info}/${file}`, content: Buffer.from(content) })
  const bytes = zip([
    ...contents,
    text('METADATA', `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`),
    text('WHEEL', 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux_2_27_x86_64\n'),
    text('RECORD', ''),
  ])
  const libraries = contents.map(({ name: path, content }) => ({ path, bytes: content.length }))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const file = `${project}-${version}-py3-none-manylinux_2_27_x86_64.whl`
  return { bytes, locked: { name, version, file, sha256, bytes: bytes.length, libraries } }
}

export type TestWheel = ReturnType<typeof makeWheel>

/** A package index (PEP 503) of these wheels. It may also be asked as a proxy, for whatever host. */
export async function startIndex(wheels: TestWheel[]) {
  const downloads: string[] = []
  const hosts = new Set<string>()
  /** Files of which only half comes before the connection breaks. */
  const broken = new Set<string>()
  /** Files that never come. */
  const stalled = new Set<string>()
  const server = createServer((request, response) => {
    hosts.add(request.headers.host ?? '')
    const path = new URL(request.url ?? '', 'http://index').pathname
    const file = path.split('/').at(-1)
    const project = path.split('/').at(-2)
    const wheel = wheels.find(({ locked }) => locked.file === file)
    if (wheel) return send(wheel, response)
    const listed = wheels.filter(({ locked }) => locked.name === project)
    response.setHeader('content-type', 'text/html')
    response.end(listed.map(({ locked }) => `<a href="/files/${locked.file}">${locked.file}</a>`).join('\n'))
  })

  function send({ locked: { file }, bytes }: TestWheel, response: ServerResponse): void {
    downloads.push(file)
    if (stalled.has(file)) return
    response.setHeader('content-length', bytes.length)
    if (!broken.has(file)) return void response.end(bytes)
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
  }

  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    downloads,
    hosts,
    broken,
    stalled,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
