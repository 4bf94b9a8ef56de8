/** What a union ControlNet tells apart, in the order of its rows: the first six, or all. */
export const controlTypes = [
  'openpose',
  'depth',
  'scribble',
  'lineart',
  'normal',
  'segment',
  'tile',
  'inpaint',
] as const
export type ControlType = (typeof controlTypes)[number]

/** What sd-webui-controlnet calls them. */
export const webuiControlTypes: Readonly<Record<ControlType, string>> = {
  openpose: 'OpenPose',
  depth: 'Depth',
  scribble: 'Soft Edge',
  lineart: 'Hard Edge',
  normal: 'Normal Map',
  segment: 'Segmentation',
  tile: 'Tile',
  inpaint: 'Inpaint',
}
