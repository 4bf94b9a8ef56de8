import { stat } from 'node:fs/promises'
import { countDtypes, folderOfKind, recogniseFile } from '@pentimento/checkpoints'
import { showBytes } from '../progress-bar.ts'
import { reportRow } from './report.ts'

/**
 * What a safetensors file is that is no model by itself and goes into the folder of its kind, in lines of "name  value"; null for a model and for what is
 * nothing of use, which is for those to say who read models.
 */
export async function reportOther(path: string): Promise<string | null> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (!isFile) return null
  const recognised = await recogniseFile(path).catch(() => null)
  const folder = recognised && folderOfKind(recognised.kind)
  if (!recognised || !folder) return null
  const { what, told, file } = recognised
  const rows = [
    ['file', what],
    ['told by', told],
    ['licence', file.metadata.get('modelspec.license') ?? 'not stated'],
    ['weights', `${showBytes(file.size)}, ${Object.keys(countDtypes(file.tensors)).join(' and ')}`],
    ['goes into', `${folder}/ of MODELS_DIR`],
  ]
  return rows.map(([name = '', value = '']) => reportRow(name, value)).join('\n')
}
