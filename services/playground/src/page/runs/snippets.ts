import type { Job } from '@pentimento/contracts'
import { fileNameOf } from '../state/run.ts'

/** What a request sends: its route by kind, its text fields, and the fields of the files beside the picture. */
export interface Recipe {
  kind: Job['kind']
  fields: readonly (readonly [name: string, value: string])[]
  beside: readonly string[]
}

interface SnippetContext {
  /** Address of the service, without a slash at its end. */
  origin: string
  /** Whether requests need a key; the key itself never gets into a snippet. */
  hasKey: boolean
}

export const snippetLanguages = ['curl', 'TypeScript', 'Python'] as const
export type SnippetLanguage = (typeof snippetLanguages)[number]

/** A program that makes the same pictures: submit, wait for the end, save every image. */
export function snippet(language: SnippetLanguage, recipe: Recipe, context: SnippetContext): string {
  return { curl, TypeScript: typescript, Python: python }[language](recipe, context)
}

const files = ({ kind, beside }: Recipe) => {
  const fields = kind === 'txt2img' ? beside : ['image', ...beside]
  return fields.map((field) => [field, fileNameOf(field)] as const)
}

function curl(recipe: Recipe, { origin, hasKey }: SnippetContext): string {
  const key = hasKey ? `  -H "Authorization: Bearer $PENTIMENTO_KEY" \\\n` : ''
  const parts = [
    ...files(recipe).map(([name, file]) => `  -F ${name}=@${file}`),
    ...recipe.fields.map(([name, value]) => `  --form-string ${shellWord(`${name}=${value}`)}`),
  ]
  return `curl ${origin}/v1/${recipe.kind} \\\n${key}  -H 'Prefer: wait=60' \\\n${parts.join(' \\\n')}\n`
}

function typescript(recipe: Recipe, { origin, hasKey }: SnippetContext): string {
  const fields = recipe.fields.map(([name, value]) => `  ${name}: ${JSON.stringify(value)},`)
  const appended = files(recipe).map(([name, file]) => `form.append('${name}', await openAsBlob('${file}'), '${file}')`)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is part of the program that is written.
  const headers = hasKey ? 'const headers = { authorization: `Bearer ${process.env.PENTIMENTO_KEY}` }\n' : ''
  const init = hasKey ? ', { headers }' : ''
  const opens = appended.length > 0 ? "import { openAsBlob } from 'node:fs'\n" : ''
  return `${opens}import { writeFile } from 'node:fs/promises'

const api = '${origin}'
${headers}
async function call(path: string, init: RequestInit = {}) {
  const response = await fetch(api + path, ${hasKey ? '{ ...init, headers }' : 'init'})
  const body = await response.json()
  if (!response.ok) throw new Error(JSON.stringify(body))
  return body
}

const form = new FormData()
${appended.map((line) => `${line}\n`).join('')}const fields = {
${fields.join('\n')}
}
for (const [name, value] of Object.entries(fields)) form.append(name, value)

let job = await call('/v1/${recipe.kind}', { method: 'POST', body: form })
while (job.status === 'queued' || job.status === 'processing') job = await call(\`/v1/jobs/\${job.id}?wait=30\`)
if (job.status !== 'succeeded') throw new Error(job.error?.message ?? job.status)
for (const { index } of job.images) {
  const image = await fetch(\`\${api}/v1/jobs/\${job.id}/images/\${index}\`${init})
  await writeFile(\`result-\${index}.png\`, await image.bytes())
}
`
}

function python(recipe: Recipe, { origin, hasKey }: SnippetContext): string {
  const fields = recipe.fields.map(([name, value]) => `    "${name}": ${JSON.stringify(value)},`)
  const opened = files(recipe).map(([name, file]) => `    "${name}": open("${file}", "rb"),`)
  return `${hasKey ? 'import os\n\n' : ''}import requests

api = "${origin}"
session = requests.Session()
${hasKey ? 'session.headers["Authorization"] = f"Bearer {os.environ[\'PENTIMENTO_KEY\']}"\n' : ''}
files = {
${opened.map((line) => `${line}\n`).join('')}}
fields = {
${fields.join('\n')}
}


def checked(response):
    if not response.ok:
        raise RuntimeError(response.text)
    return response


job = checked(session.post(f"{api}/v1/${recipe.kind}", files=files, data=fields)).json()
while job["status"] in ("queued", "processing"):
    job = checked(session.get(f"{api}/v1/jobs/{job['id']}", params={"wait": 30})).json()
if job["status"] != "succeeded":
    raise RuntimeError(job["error"])
for image in job["images"]:
    index = image["index"]
    result = checked(session.get(f"{api}/v1/jobs/{job['id']}/images/{index}"))
    open(f"result-{index}.png", "wb").write(result.content)
`
}

/** One word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w=.,:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
