import { Brush, Camera, Eraser, FilePlus2, ImageUp, PaintBucket, Pipette, Redo2, Trash2, Undo2 } from 'lucide'
import type { JSX } from 'preact'
import { FileButton } from '../chrome/file-button.tsx'
import type { IconNode } from '../chrome/icon.tsx'
import { IconButton } from '../chrome/icon-button.tsx'
import { canRedo, canUndo, mode, redoChange, undoChange } from '../state/board.ts'
import { type Tool, tool } from '../state/tools.ts'
import { takeFile } from './intake.tsx'
import { newCanvas } from './new-canvas.ts'
import { clearPaint } from './paint.ts'

const tools: { name: Tool; label: string; icon: IconNode; shortcut: string }[] = [
  { name: 'brush', label: 'Brush', icon: Brush, shortcut: 'B' },
  { name: 'eraser', label: 'Eraser', icon: Eraser, shortcut: 'E' },
  { name: 'fill', label: 'Fill', icon: PaintBucket, shortcut: 'F' },
  { name: 'eyedropper', label: 'Eyedropper', icon: Pipette, shortcut: 'I' },
]

/** The tools, undo, and the ways to bring a picture. */
export function Toolbar(): JSX.Element {
  const inpaint = mode.value === 'inpaint'
  return (
    <div class="toolbar" role="toolbar" aria-label="Drawing tools">
      <div class="tool-group">
        {tools
          .filter(({ name }) => !inpaint || name !== 'eyedropper')
          .map(({ name, label, icon, shortcut }) => (
            <IconButton
              key={name}
              icon={icon}
              label={inpaint ? `Mask ${label.toLowerCase()}` : label}
              shortcut={shortcut}
              pressed={tool.value === name}
              onClick={() => {
                tool.value = name
              }}
            />
          ))}
      </div>
      <div class="tool-group">
        <IconButton icon={Undo2} label="Undo" shortcut="Control+Z" disabled={!canUndo.value} onClick={undoChange} />
        <IconButton
          icon={Redo2}
          label="Redo"
          shortcut="Control+Shift+Z"
          disabled={!canRedo.value}
          onClick={redoChange}
        />
        <IconButton icon={Trash2} label={inpaint ? 'Clear mask' : 'Clear drawing'} onClick={clearPaint} />
      </div>
      <div class="tool-group at-end">
        <IconButton icon={FilePlus2} label="New canvas" onClick={newCanvas} />
        <FileButton icon={Camera} label="Photograph" camera onFile={takeFile} />
        <FileButton icon={ImageUp} label="Open picture" wide onFile={takeFile} />
      </div>
    </div>
  )
}
