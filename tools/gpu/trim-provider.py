"""Zeroes the machine code of other GPUs in ONNX Runtime's CUDA provider, so that it packs into a fifth:

    python3 trim-provider.py libonnxruntime_providers_cuda.so OUT.so 90

For measuring on a machine that takes small parcels alone; never for shipping. The last argument lists the compute capabilities to
keep (90: H100, H200; 89: L4, RTX 40; 86: RTX 30, A10; 80: A100; 75: T4).
"""

import struct
import sys

MAGIC = struct.pack('<I', 0xBA55ED50)
ELF = 2


def entries(data):
    """Yields kind, compute capability, start and length of each code in the fat binaries: a header of 16 bytes, then entries with
    kind at 0, size of their header at 4, size of their code at 8, capability at 28."""
    at = data.find(MAGIC)
    while at >= 0:
        version, header, size = struct.unpack_from('<HHQ', data, at + 4)
        end = at + 16 + size
        if version != 1 or header != 16 or end > len(data):
            at = data.find(MAGIC, at + 4)
            continue
        entry = at + 16
        while entry < end:
            kind, _, head = struct.unpack_from('<HHI', data, entry)
            length, = struct.unpack_from('<Q', data, entry + 8)
            capability, = struct.unpack_from('<I', data, entry + 28)
            yield kind, capability, entry + head, length
            entry += head + length
        at = data.find(MAGIC, end)


def main():
    source, target, wanted = sys.argv[1:]
    keep = {int(capability) for capability in wanted.split(',')}
    with open(source, 'rb') as file:
        data = bytearray(file.read())
    kept = 0
    for kind, capability, start, length in list(entries(data)):
        if kind == ELF and capability in keep:
            kept += length
        else:
            data[start:start + length] = bytes(length)
    if kept == 0:
        sys.exit(f'{source} has no code for {wanted}')
    with open(target, 'wb') as file:
        file.write(data)
    print(f'kept {kept / 1e6:.0f} MB of code for {wanted}')


if __name__ == '__main__':
    main()
