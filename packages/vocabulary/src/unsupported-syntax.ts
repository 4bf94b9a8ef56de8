interface Unsupported {
  what: string
  /** What its author may do. */
  remedy: string
}

/**
 * What AUTOMATIC1111's prompt language has and this pipeline does not, or null. Such a prompt is refused, since
 * taken literally it would give another picture than its author means.
 */
export function unsupportedSyntax(prompt: string): Unsupported | null {
  if (/<hypernet:[^>]*>/i.test(prompt)) return { what: 'a hypernetwork (<hypernet:…>)', remedy: 'leave it out' }
  // What the prompt names has been taken out before.
  if (/<(lora|lyco):[^>]*>/i.test(prompt))
    return { what: '<lora:…> here', remedy: 'name it in the prompt as <lora:name:weight>, or in the field loras' }
  return null
}
