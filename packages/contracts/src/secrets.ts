/** A key (`pmt_{public id}_{secret}`) or a webhook secret (`whsec_…`), or so much of one that it could be of use. */
const secret = /pmt_[\w-]{4,}|whsec_[\w+/=-]{4,}/gi
const publicPart = /^pmt_[a-z2-7]{12}(?=_|$)/

/**
 * One character, escaped as in a URL (`%25…` in any depth: a URL encoded again and again), in JSON, in a program or in
 * HTML.
 */
const escaped =
  /%(?:25)*u([\da-f]{4})|%(?:25)*([\da-f]{2})|\\{1,8}u\{?([\da-f]{4})\}?|\\{1,8}x([\da-f]{2})|&#x0{0,6}([\da-f]{2});?|&#0{0,6}(\d{2,3});?/gi
const base64Run = /[\w+/-]{16,}/g
const hexRun = /(?:[\da-f]{2}[\s:]?){12,}/gi

/** What every text with a secret in it has, plain or encoded: nearly all texts have none of it, and are done. */
const hints = [
  /pmt_|whsec_|70:?6d:?74:?5f|77:?68:?73:?65:?63:?5f/i,
  /[%\\&]/,
  // In base64 the two begin at one of three places.
  new RegExp(['pmt_', 'whsec_'].flatMap(base64Of).join('|')),
  // Encoded more than once it is longer than our ids. Looked for at the beginning of a run alone, which takes a fifth
  // of the time.
  /(?<![\w+/-])[\w+/-]{64}/,
]

const layers = 4
/** Where a text may be cut; a slash, a plus and an equals sign may also belong to base64. */
const marks = [/[\s"'<>()[\]{},;:?&/+=]+/, /[\s"'<>()[\]{},;:?&]+/]

/**
 * The text with every secret in it taken out, however it is encoded; of a key the public part stays where it stands
 * plain.
 */
export function withoutSecrets(text: string): string {
  if (!hints.some((hint) => hint.test(text))) return text
  const plain = text.replace(secret, publicOnly)
  if (!hides(plain, layers)) return plain
  // An encoded secret goes with all that stands between the marks around it.
  for (const mark of marks) {
    const words = plain.split(mark).filter((word) => hides(word, layers))
    const cut = words.reduce((rest, word) => rest.replaceAll(word, '…'), plain)
    if (!hides(cut, layers)) return cut
  }
  return '…'
}

/** A line of JSON without secrets in its names and values. */
export function lineWithoutSecrets(line: string): string {
  if (withoutSecrets(line) === line) return line
  const end = line.endsWith('\n') ? '\n' : ''
  return JSON.stringify(clean(JSON.parse(line))) + end
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value)
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [withoutSecrets(name), clean(member)]))
}

function publicOnly(found: string): string {
  if (!/^pmt_/i.test(found)) return 'whsec_…'
  const shown = publicPart.exec(found)?.[0]
  if (shown === undefined) return 'pmt_…'
  return found.length <= shown.length + 1 ? found : `${shown}_…`
}

/** Whether a text has a secret in it, plain or under so many layers of encoding. */
function hides(text: string, depth: number): boolean {
  if (text.replace(secret, publicOnly) !== text) return true
  if (depth === 0) return false
  const read = text.replace(escaped, characterOf)
  if (read !== text && hides(read, depth - 1)) return true
  return [...base64s(text), ...hexes(text)].some((decoded) => hides(decoded, depth - 1))
}

/** @param codes what {@link escaped} found: one code, the last kind decimal and all others hexadecimal */
function characterOf(_found: string, ...codes: (string | undefined)[]): string {
  const [wideUrl, url, wide, narrow, html, decimal] = codes
  const hexadecimal = wideUrl ?? url ?? wide ?? narrow ?? html
  return String.fromCharCode(hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16))
}

/** What the runs of base64 in a text say. Where one begins is not known: a slash before it is of its alphabet too. */
function base64s(text: string): string[] {
  return [...text.matchAll(base64Run)].flatMap(([run]) =>
    [0, 1, 2, 3].map((start) => Buffer.from(run.slice(start), 'base64').toString('latin1')),
  )
}

function hexes(text: string): string[] {
  return [...text.matchAll(hexRun)].flatMap(([run]) => {
    const digits = run.replace(/[\s:]/g, '')
    return [0, 1].map((start) => Buffer.from(digits.slice(start), 'hex').toString('latin1'))
  })
}

/**
 * The characters that a text has in base64 whatever stands around it, for each of the three places where it can begin.
 */
function base64Of(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const whole = btoa('\0'.repeat(before) + text)
    const first = Math.ceil((before * 8) / 6)
    return whole.slice(first, Math.floor(((before + text.length) * 8) / 6))
  })
}
