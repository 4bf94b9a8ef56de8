import { readFileSync } from 'node:fs'
import { type Cmd, DockerfileParser, type Healthcheck, type Instruction } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const manifest = (path: string) => JSON.parse(read(`${path}/package.json`))

/** Folder of each of our packages that a service needs at run time, itself included. */
function closure(folder: string): string[] {
  const found = new Set([folder])
  for (const each of found) {
    for (const name of Object.keys(manifest(each).dependencies ?? {})) {
      if (name.startsWith('@pentimento/')) found.add(folderOf(name.slice('@pentimento/'.length)))
    }
  }
  return [...found]
}

function folderOf(name: string): string {
  return ['api', 'worker', 'playground'].includes(name) ? `services/${name}` : `packages/${name}`
}

/** The instructions of each build stage, by its name. */
function stagesOf(text: string): Map<string, Instruction[]> {
  const stages = new Map<string, Instruction[]>()
  let current: Instruction[] = []
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getInstruction() === 'FROM') {
      current = []
      stages.set(/ AS (\S+)$/i.exec(instruction.getTextContent())?.[1] ?? String(stages.size), current)
    }
    current.push(instruction)
  }
  return stages
}

const files = [
  { file: 'docker/api.Dockerfile', service: 'services/api', targets: ['api'] },
  { file: 'docker/worker.Dockerfile', service: 'services/worker', targets: ['cuda', 'cpu'] },
]

describe.each(files)('$file', ({ file, service, targets }) => {
  const text = read(file)

  it('is a valid Dockerfile', () => {
    // The validator knows no heredocs and no ARG in FROM; neither may it find anything else.
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([])
  })

  it('uses the Node and the pnpm of the workspace', () => {
    expect(text).toContain(`ARG NODE_VERSION=${parse(read('pnpm-workspace.yaml')).nodeVersion}\n`)
    expect(text).toContain(`npm install --global ${manifest('.').packageManager}\n`)
    expect(text).toContain(`tsc -b ${service}\n`)
    expect(text).toContain(`--filter ${manifest(service).name} --prod deploy /out/${service}`)
  })

  it('lists what it holds, in the image', () => {
    expect(text).toContain(
      `pnpm --filter ${manifest(service).name} sbom --prod --sbom-format spdx --out /out/sbom.spdx.json\n`,
    )
  })

  it('builds on images of one exact version', () => {
    const versions = Object.fromEntries(
      [...text.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]),
    )
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, base = '']) =>
      base.replace(/\$\{(\w+)\}/g, (_, name: string) => versions[name] ?? ''),
    )
    const foreign = bases.filter((base) => !stagesOf(text).has(base))
    expect(foreign.length).toBeGreaterThan(0)
    for (const base of foreign) expect(base).toMatch(/:\d+\.\d+\.\d+-/)
  })

  it('ends with its default target', () => {
    expect([...stagesOf(text).keys()].at(-1)).toBe(targets.at(-1))
  })

  it.each(targets)('runs as a user without rights, healthy or not: target %s', (target) => {
    const stage = stagesOf(text).get(target) ?? []
    const last = (keyword: string) => stage.findLast((instruction) => instruction.getInstruction() === keyword)
    expect(last('USER')?.getArgumentsContent()).toBe('1000:1000')
    expect(last('STOPSIGNAL')?.getArgumentsContent()).toBe('SIGTERM')
    expect(last('WORKDIR')?.getArgumentsContent()).toBe(`/app/${service}`)
    const command = (last('CMD') as Cmd).getJSONStrings().map((text) => JSON.parse(text.getValue()))
    expect([command[0], command.at(-1)]).toEqual(['node', 'dist/main.js'])
    expect(last('HEALTHCHECK')?.getTextContent()).toContain('fetch(')
    expect((last('HEALTHCHECK') as Healthcheck).getFlags().map((flag) => flag.getName())).toContain('start-period')
    expect(last('ENV')?.getTextContent()).toContain('NODE_ENV=production')
    // Owned by root, so that the process cannot change its own code.
    expect(stage.some((instruction) => /^COPY .*--chown/.test(instruction.getTextContent()))).toBe(false)
  })

  it('sends to the builder all that the build reads, and no more', () => {
    const lines = read(`${file}.dockerignore`).split('\n')
    for (const line of ['*', '!package.json', '!pnpm-lock.yaml', '!pnpm-workspace.yaml', '!tsconfig*.json']) {
      expect(lines).toContain(line)
    }
    for (const pattern of parse(read('pnpm-workspace.yaml')).packages as string[]) {
      expect(lines).toContain(pattern.endsWith('/*') ? `!${pattern.slice(0, -2)}` : `!${pattern}/package.json`)
    }
    for (const line of ['**/node_modules', '**/dist']) expect(lines).toContain(line)
    expect(lines.join()).not.toContain('.git')
  })
})

describe('the image of the commands', () => {
  it('runs as a user without rights', () => {
    const stage = stagesOf(read('docker/worker.Dockerfile')).get('cli') ?? []
    const contents = Object.fromEntries(stage.map((each) => [each.getInstruction(), each.getArgumentsContent()]))
    expect(contents).toMatchObject({ USER: '1000:1000', ENTRYPOINT: '["node", "dist/main.js"]' })
    expect(contents.ENV).toContain('NODE_ENV=production')
  })
})

describe('the api image', () => {
  it('holds no inference runtime', () => {
    const folders = closure('services/api')
    expect(folders).toContain('packages/images')
    expect(folders).not.toContain('packages/pipeline')
    for (const folder of folders)
      expect(Object.keys(manifest(folder).dependencies ?? {})).not.toContain('onnxruntime-node')
  })
})

describe('each package of an image', () => {
  it.each([...new Set([...closure('services/api'), ...closure('services/worker')])])(
    'brings its output alone: %s',
    (folder) => {
      expect(manifest(folder).files).toEqual(expect.arrayContaining(['dist', '!**/*.test.*']))
      expect(manifest(folder).files).not.toContain('src')
    },
  )
})
