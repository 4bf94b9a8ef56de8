import { exceptions, isPermissive, type Licensed } from './licences.ts'

/** Whether a package is installed on the machines that images are for: Linux with glibc, x64 or arm64. */
function isForImages({ platforms }: Licensed): boolean {
  const away = ['musl', 'darwin', 'win32', 'freebsd', 'wasm32']
  const chips = platforms.filter((one) => /^(x|arm|ia|ppc|s390|riscv|loong|mips)/.test(one))
  const isLinux =
    platforms.every((one) => !away.includes(one)) && (chips.length === platforms.length || platforms.includes('linux'))
  return isLinux && (chips.length === 0 || chips.some((chip) => chip === 'x64' || chip === 'arm64'))
}

/** docs/licences.md. */
export function licencesPage(packages: readonly Licensed[]): string {
  const shipped = packages.filter((one) => one.shipped && isForImages(one))
  const beside = packages.filter((one) => !one.shipped)
  const counts = new Map<string, number>()
  for (const { licence = '?' } of shipped) counts.set(licence, (counts.get(licence) ?? 0) + 1)
  const byCount = [...counts].toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b))
  const special = exceptions.map(({ name, licence, shipped: isShipped, why }) => {
    const found = packages.filter((one) => name.test(one.name) && one.licence && !isPermissive(one.licence))
    const names = [...new Set(found.map((one) => one.name.replace(/^(@img\/sharp-libvips|lightningcss).*/, '$1-…')))]
    const first = isShipped ? '@img/sharp-libvips-…' : (names[0] ?? name.source)
    return `| \`${first}\` | ${licence} | ${isShipped ? 'yes' : 'no'} | ${why} |`
  })
  return `# Licences

Pentimento is under the [MIT licence](../LICENSE). Made by \`npm run licences -- --write\` from the lockfile and what the packages state; a test fails for a package whose licence is not known, and for one that asks for more than that its text is kept, unless it stands in the second table.

The images hold ${shipped.length} packages of the registry:

| licence | packages |
|---|---|
${byCount.map(([licence, count]) => `| ${licence} | ${count} |`).join('\n')}

What asks for more, among all ${packages.length} packages of the lockfile (${beside.length} of them for tests and builds alone):

| package | licence | in images | why it may be there |
|---|---|---|---|
${special.join('\n')}

Images hold besides: Node.js (MIT, with the licences of its parts in its own LICENSE), Debian's packages of the base image, ONNX Runtime's libraries (MIT, with its \`ThirdPartyNotices.txt\`), the built-in model (ours, MIT), and the one for CUDA NVIDIA's libraries ([their licence](https://docs.nvidia.com/cuda/eula/)). Models that you add have licences of their own: \`models check\` says them.

## Packages of the images

| package | version | licence |
|---|---|---|
${shipped.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence ?? '?'} |`).join('\n')}
`
}
