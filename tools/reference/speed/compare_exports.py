"""Whether two exports are the same: their nodes by operator, their files' bytes, and what they compute.

    python compare_exports.py DIR OTHER

To hold what make_sdxl_sized.py has Optimum do to what Optimum does by itself, on a model that fits into memory:

    python make_sdxl_sized.py narrow narrow-weights 160
    python -c "from optimum.exporters.onnx import main_export as export; export('narrow-weights', 'by-itself', task='text-to-image', do_validation=False)"
    python compare_exports.py narrow by-itself
"""

import collections
import filecmp
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

SIZES = {"batch_size": 2, "sequence_length": 77}


def nodes_of(file):
    graph = onnx.load(file, load_external_data=False).graph
    return collections.Counter(node.op_type for node in graph.node)


def values_for(given, generator):
    shape = [size if isinstance(size, int) else SIZES.get(size, 32) for size in given.shape]
    if given.type != "tensor(float)":
        return generator.integers(1, 1000, shape, dtype=np.int64 if "int64" in given.type else np.int32)
    return generator.standard_normal(shape, dtype=np.float32)


def outputs_of(file):
    """One session at a time, so that one model is in memory."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(0)
    return session.run(None, {given.name: values_for(given, generator) for given in session.get_inputs()})


def main():
    folders = [Path(name) for name in sys.argv[1:3]]
    for file in sorted(folders[0].glob("*/model.onnx")):
        pair = [folder / file.relative_to(folders[0]) for folder in folders]
        ours, theirs = map(nodes_of, pair)
        print(f"{file.parent.name}: {ours.total()} nodes of {len(ours)} operators, {theirs.total()} of {len(theirs)}; by operator {'the same' if ours == theirs else f'{ours - theirs} more, {theirs - ours} fewer'}")
        for name in sorted({path.name for one in pair for path in one.parent.glob("model.onnx*")}):
            same = all((one.parent / name).exists() for one in pair) and filecmp.cmp(*(one.parent / name for one in pair), shallow=False)
            print(f"  {name}: {'the same bytes' if same else 'other bytes'}")
        apart = [np.abs(a - b).max() / np.abs(b).max() for a, b in zip(*map(outputs_of, pair), strict=True)]
        print(f"  outputs: {max(apart):.1e} apart, as a part of the largest number", flush=True)


if __name__ == "__main__":
    main()
