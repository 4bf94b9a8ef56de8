import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeDataDir } from './close-folder.ts'
import { openDataDir } from './data-dir.ts'

let parent: string
let dir: string
let umask: number
let warnings: string[]
beforeEach(() => {
  umask = process.umask(0)
  parent = mkdtempSync(join(tmpdir(), 'pentimento-close-'))
  chmodSync(parent, 0o755)
  dir = join(parent, 'data')
  warnings = []
})
afterEach(() => {
  process.umask(umask)
  rmSync(parent, { recursive: true, force: true })
})

const mode = (path: string) => statSync(join(dir, path)).mode & 0o777
const close = () => closeDataDir(dir, (message) => warnings.push(message))
/** As an earlier version left it under a umask of 022, or of 0. */
function openFolder() {
  for (const folder of ['redis/appendonlydir', 'storage/tenants/acme', 'models/x/unet'])
    mkdirSync(join(dir, folder), { recursive: true })
  for (const file of [
    'secrets-key',
    'redis/appendonlydir/a.aof',
    'storage/tenants/acme/p.png',
    'models/x/unet/model.onnx',
  ])
    writeFileSync(join(dir, file), 'secret', { mode: 0o644 })
}

/** What user 65534 can read below the folder. */
function readableByOthers(): string {
  return spawnSync('find', [dir, '-readable', '-print'], { uid: 65_534, gid: 65_534, encoding: 'utf8' }).stdout
}

describe('DATA_DIR', () => {
  it('is made for its owner alone, whatever the umask', () => {
    openDataDir(join(dir, 'deep', 'er'))
    for (const path of ['', 'deep', 'deep/er']) expect(mode(path)).toBe(0o700)
  })

  it('that is there already is closed, with all that lies in it', () => {
    openFolder()
    close()
    expect(warnings).toEqual([])
    for (const path of ['', 'redis', 'redis/appendonlydir', 'storage/tenants/acme', 'models/x/unet'])
      expect(mode(path), path).toBe(0o700)
    for (const path of [
      'secrets-key',
      'redis/appendonlydir/a.aof',
      'storage/tenants/acme/p.png',
      'models/x/unet/model.onnx',
    ])
      expect(mode(path), path).toBe(0o600)
  })

  it.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
    'tells another user of the machine nothing',
    () => {
      openFolder()
      expect(readableByOthers()).toContain('a.aof')
      close()
      expect(readableByOthers()).toBe('')
    },
  )

  it('is left as it is where links lead out of it', () => {
    mkdirSync(join(parent, 'shared'), { mode: 0o755 })
    writeFileSync(join(parent, 'shared', 'model'), '', { mode: 0o644 })
    mkdirSync(dir)
    symlinkSync(join(parent, 'shared'), join(dir, 'models'))
    symlinkSync(join(parent, 'shared', 'model'), join(dir, 'secrets-key'))
    symlinkSync('nowhere', join(dir, 'redis-url'))
    close()
    expect(statSync(join(parent, 'shared')).mode & 0o777).toBe(0o755)
    expect(statSync(join(parent, 'shared', 'model')).mode & 0o777).toBe(0o644)
    expect(lstatSync(dir).mode & 0o777).toBe(0o700)
  })

  it('stays open, with a warning, where others have folders in it; what is ours is closed', () => {
    openFolder()
    mkdirSync(join(dir, 'photos'), { mode: 0o755 })
    chmodSync(dir, 0o755)
    close()
    expect(warnings).toEqual([expect.stringMatching(/mode 755.*it also holds the folder "photos": give Pentimento/)])
    expect([mode(''), mode('photos'), mode('redis'), mode('storage'), mode('secrets-key')]).toEqual([
      0o755, 0o755, 0o700, 0o700, 0o600,
    ])
  })

  it.runIf(process.getuid?.() === 0 && existsSync('/usr/bin/setpriv'))(
    'of another owner stays as it is, with a warning',
    () => {
      openFolder()
      chmodSync(dir, 0o777)
      chownSync(dir, 65_534, 65_534)
      const program = `import { closeDataDir } from '${join(import.meta.dirname, 'close-folder.ts')}'
closeDataDir('${dir}', console.log)`
      // Without root's right to change what others own.
      const args = ['--bounding-set=-fowner', process.execPath, '--input-type=module', '-e', program]
      const { stdout, stderr } = spawnSync('/usr/bin/setpriv', args, { encoding: 'utf8', env: {} })
      expect([stderr, stdout]).toEqual(['', expect.stringMatching(/mode 777.*cannot be closed \(EPERM\)/)])
      expect(mode('')).toBe(0o777)
    },
  )
})
