import { gigabytes } from '../cuda/lock.mjs'

/** The doctor's report: lines of name and text, and whether the device that is asked for, or any, can be used. */
export function diagnose(facts) {
  const { nvidia, device, memory } = facts
  const lines = [
    ['driver', nvidia.present ? `NVIDIA ${nvidia.driver ?? 'of an unknown version'}` : 'no NVIDIA driver'],
    ...nvidia.gpus.map(({ name, capability, totalMb, freeMb }) => [
      'gpu',
      `${name}, compute capability ${capability}, ${gigabytes(freeMb * 2 ** 20)} of ${gigabytes(totalMb * 2 ** 20)} free`,
    ]),
    ['memory', `${gigabytes(memory.free)} of ${gigabytes(memory.total)} free`],
    ['provider', providerOf(facts)],
    ['libraries', librariesOf(facts)],
    ['device', device.error ?? `${device.device}: ${device.reason}`],
  ]
  const [missing, next] = remedyOf(facts)
  return { lines: [...lines, ['missing', missing], ['next', next]], usable: device.error === undefined }
}

function providerOf({ cuda, cache, versions }) {
  if (cuda === null) return 'no CUDA provider'
  if (cuda === 'installed') return 'the one beside onnxruntime-node'
  return `onnxruntime-gpu ${versions['onnxruntime-gpu']}, in ${cache}`
}

function librariesOf({ cuda, cache, versions }) {
  if (cuda === null) return 'no CUDA libraries'
  if (cuda !== 'fetched') return "the system's CUDA and cuDNN"
  return `CUDA ${versions['nvidia-cuda-runtime']}, cuDNN ${versions['nvidia-cudnn-cu13']}, in ${cache}`
}

/** What is missing for the GPU, and the next command. */
function remedyOf(facts) {
  const { isOff, isSupported, wanted, nvidia, oldestDriver, cuda, device, cache, download, unpacked, hasPip } = facts
  const start = 'npm start'
  if (isOff) return ['nothing: GPU=off leaves GPUs alone', start]
  if (!isSupported && wanted === 'cuda') return ['CUDA is for Linux on x64 alone', 'DEVICE=auto npm start']
  if (!nvidia.present && wanted === 'cuda')
    return [`an NVIDIA GPU with its driver, version ${oldestDriver} or newer`, 'DEVICE=auto npm start']
  if (nvidia.problem !== null) return [nvidia.problem, 'npm run doctor, when that is done']
  if (cuda === null && nvidia.present) {
    const size = `${download} to download, ${unpacked} in ${cache}`
    if (!hasPip) return [`the CUDA libraries (${size}), and pip to fetch them`, 'install python3-pip, then npm start']
    return [`the CUDA libraries (${size})`, `${wanted === 'cuda' ? 'DEVICE=cuda ' : ''}npm start, which fetches them`]
  }
  if (device.error !== undefined)
    return wanted === 'auto'
      ? ['the device that was chosen does not paint', 'GPU=off npm start']
      : [`a device ${wanted} that works`, 'DEVICE=auto npm start']
  if (nvidia.present && wanted === 'auto' && device.device !== 'cuda')
    return ['CUDA is there and does not work', 'DEVICE=cuda npm start, whose log says why']
  return ['nothing', start]
}
