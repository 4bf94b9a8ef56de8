import { link, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, HostileHub } from '../testing/hostile-hub.ts'
import { commit } from '../testing/local-hub.ts'

const hub = new HostileHub()

describe('a folder that others have been in', () => {
  const partial = () => join(hub.modelsDir, `.pull-them--tiny-${commit.slice(0, 12)}`)

  it('leads nowhere: links in it are taken away, and what they lead to stays as it was', async () => {
    const outside = join(hub.root, 'outside')
    await mkdir(outside)
    await writeFile(join(outside, 'file'), 'theirs')
    await mkdir(join(partial(), 'unet'), { recursive: true })
    await symlink(join(outside, 'file'), join(partial(), 'unet/model.onnx.part'))
    await link(join(outside, 'file'), join(partial(), 'unet/model.onnx_data.part'))
    await symlink(outside, join(partial(), 'vae_decoder'))
    await symlink(join(outside, 'made'), join(partial(), 'source.json'))
    await writeFile(join(partial(), 'unet/evil.onnx'), 'left')
    const dir = await hub.pull()
    for (const [path, bytes] of Object.entries(files)) expect(await readFile(join(dir, path))).toEqual(bytes)
    expect((await lstat(join(dir, 'vae_decoder'))).isSymbolicLink()).toBe(false)
    expect((await readdir(join(dir, 'unet'))).toSorted()).toEqual(['model.onnx', 'model.onnx_data'])
    expect(await readdir(outside)).toEqual(['file'])
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('theirs')
  })

  it('is none when it is a link itself', async () => {
    const outside = join(hub.root, 'outside')
    await mkdir(outside)
    await mkdir(hub.modelsDir)
    await symlink(outside, partial())
    const dir = await hub.pull()
    expect((await lstat(dir)).isSymbolicLink()).toBe(false)
    expect(await readdir(outside)).toEqual([])
  })

  it('is its owner’s alone in the end, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      await mkdir(partial(), { recursive: true })
      const dir = await hub.pull()
      const entries = await readdir(dir, { recursive: true, withFileTypes: true })
      for (const path of [dir, ...entries.map((one) => join(one.parentPath, one.name))])
        expect((await stat(path)).mode & 0o077, path).toBe(0)
    } finally {
      process.umask(before)
    }
  })
})
