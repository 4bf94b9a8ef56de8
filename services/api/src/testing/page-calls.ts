/** An answer as far as a browser lets a page read it. */
export interface Read {
  status: number
  headers: Record<string, string>
  body: string
}

/** What a page can do with an answer: everything that its browser lets it read. */
export const fetchAndRead = `
  const answer = await fetch(given.url, given.init)
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }`

/** Sends a form with a picture of base64 from the page. */
export const submitAndRead = `
  const form = new FormData()
  for (const [name, value] of Object.entries(given.fields)) form.append(name, value)
  form.append('image', await (await fetch('data:image/png;base64,' + given.image)).blob(), 'image.png')
  given.init = { ...given.init, method: 'POST', body: form }
  ${fetchAndRead}`
