const pickle =
  'a pickle, which may run code when it is read, and is not taken here. Look for its .safetensors twin. Or convert it, in a ' +
  'Python environment of your own that has torch and safetensors: weights = torch.load(FILE, map_location="cpu", weights_only=True); ' +
  'weights = weights.get("state_dict", weights); ' +
  'safetensors.torch.save_file({k: v.clone() for k, v in weights.items() if hasattr(v, "dtype")}, "NAME.safetensors")'

/** What files begin with that are given out as checkpoints, or come where one was to be downloaded; in lower case. */
const formats: [string, string][] = [
  ['pk\u0003\u0004', `It is a PyTorch file (.ckpt, .pt, .pth): ${pickle}`],
  ['\u0080\u0002', `It is an old PyTorch file (.ckpt, .pt, .pth): ${pickle}`],
  ['gguf', 'It is a GGUF file, whose block formats are not supported. Take the .safetensors file of the model.'],
  [
    'version https://git-lfs',
    'It is only a pointer of Git LFS, not the file itself. Fetch it with "git lfs pull", or download it.',
  ],
  ['<', 'It is a web page, perhaps one that asks for a login: the download did not bring the file. Fetch it again.'],
  ['{', 'It is a text, perhaps an error message: the download did not bring the file. Fetch it again.'],
]

/** @returns what a file is that begins with these bytes and is no safetensors file, and what to do. */
export function otherFormat(begin: Buffer): string {
  const text = begin.toString('latin1').toLowerCase()
  return formats.find(([start]) => text.startsWith(start))?.[1] ?? 'It is no safetensors file.'
}
