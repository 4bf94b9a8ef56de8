import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import { build, stop } from 'esbuild'

const brotli = promisify(brotliCompress)
const staticFolder = new URL('../static/', import.meta.url)
const fromSources = extname(fileURLToPath(import.meta.url)) === '.ts'

/** One file of the page, ready to be sent. */
export interface PageFile {
  /** Absolute path of the URL: `/` for the document. */
  path: string
  contentType: string
  body: Buffer
  /** The same body as brotli. */
  brotli: Buffer
  etag: string
  /** The name carries a hash of the content, so that it may be kept for ever. */
  immutable: boolean
}

/**
 * The whole page, bundled in memory from the TypeScript sources (or from what tsc made of them): about 100 ms, no build
 * folder that could be stale. Bundling at the start of the api keeps a fresh clone at one command; the api imports
 * nothing else of the page.
 *
 * @param path what stands before `/` for clients, such as `/pentimento`; without one every address is relative to the
 * document
 */
export async function loadPage(path = ''): Promise<PageFile[]> {
  const { script, style } = await bundle()
  const scriptFile = await pageFile(`/assets/page-${hashOf(script)}.js`, 'text/javascript; charset=utf-8', script)
  const styleFile = await pageFile(`/assets/page-${hashOf(style)}.css`, 'text/css; charset=utf-8', style)
  const document = (await readFile(new URL('index.html', staticFolder), 'utf8'))
    .replace('assets/page.js', scriptFile.path.slice(1))
    .replace('assets/page.css', styleFile.path.slice(1))
    // Also of `/pentimento`, without a slash, what is relative lies below `/pentimento/`.
    .replace('<head>', path === '' ? '<head>' : `<head>\n    <base href="${path}/" />`)
  return [
    await pageFile('/', 'text/html; charset=utf-8', Buffer.from(document)),
    scriptFile,
    styleFile,
    await pageFile('/assets/icon.svg', 'image/svg+xml', await readFile(new URL('icon.svg', staticFolder))),
  ]
}

async function bundle(): Promise<{ script: Buffer; style: Buffer }> {
  const result = await build({
    entryPoints: {
      script: fileURLToPath(new URL(`page/main.${fromSources ? 'tsx' : 'js'}`, import.meta.url)),
      style: fileURLToPath(new URL('styles/main.css', staticFolder)),
    },
    outdir: '/',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    conditions: fromSources ? ['source'] : [],
    logLevel: 'silent',
  })
  // esbuild works in a child process of its own, which nobody needs any more.
  await stop()
  const output = (path: string) => {
    const file = result.outputFiles.find((candidate) => candidate.path === path)
    if (file === undefined) throw new Error(`esbuild made no ${path}`)
    return Buffer.from(file.contents)
  }
  return { script: output('/script.js'), style: output('/style.css') }
}

async function pageFile(path: string, contentType: string, body: Buffer): Promise<PageFile> {
  const immutable = /-[0-9a-f]{12}\./.test(path)
  return { path, contentType, body, brotli: await brotli(body), etag: `"${hashOf(body)}"`, immutable }
}

function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12)
}
