import { effect } from '@preact/signals'
import { createStore, get, set } from 'idb-keyval'
import { type Guides, guides } from '../state/guides.ts'

const store = createStore('pentimento-guides', 'guides')
const name = 'guides'

/** Brings back the control and reference images of before a reload, then keeps them; not where nothing is kept. */
export async function keepGuides(): Promise<void> {
  const kept = await get<Guides>(name, store).catch(() => undefined)
  if (kept !== undefined) guides.value = kept
  effect(() => void set(name, guides.value, store).catch(() => undefined))
}
