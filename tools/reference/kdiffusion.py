"""k-diffusion's sampling functions, loaded without the rest of the package and what only its training needs."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import types


def load_sampling():
    folder = pathlib.Path(importlib.machinery.PathFinder.find_spec("k_diffusion").origin).parent
    package = types.ModuleType("k_diffusion")
    package.__path__ = [str(folder)]
    sys.modules["k_diffusion"] = package
    return importlib.import_module("k_diffusion.sampling")


sampling = load_sampling()
