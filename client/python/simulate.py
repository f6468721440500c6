# SPDX-FileCopyrightText: 2026 The MaixCAM Workbench authors
# SPDX-License-Identifier: MIT
"""Runs a cvimodel in TPU-MLIR's chip simulator for many inputs in one process (toolchain.md 7).

Configuration: model, inputs (each an .npz path, or {path, shape} for raw little-endian float32), outDir, inputName
(optional, for an .npz with several arrays).
Events: picture {index, total, seconds}, done {index, pictures}. `outDir/index.json` lists, for each input, the outputs
with name, shape (always 4-D) and the raw float32 file beside it.
"""

import sys

sys.dont_write_bytecode = True  # our own folder may be read-only
import importlib.util
import json
import os
import time

from reporting import Problem, run_program

sys.dont_write_bytecode = False

PREPARED = "MAIXCAM_SIMULATOR_READY"


def prepare_process():
    """Restarts this program with the library path that the wheel's own tools run with: it only counts at the start."""
    if os.environ.get(PREPARED) == "1":
        return
    found = importlib.util.find_spec("tpu_mlir")
    if found is None or not found.submodule_search_locations:
        return  # told as a problem by main()
    root = found.submodule_search_locations[0]
    libraries = [os.path.join(root, "lib"), os.path.join(root, "lib", "capi"), os.path.join(root, "lib", "third_party")]
    os.environ["LD_LIBRARY_PATH"] = os.pathsep.join(libraries + [os.environ.get("LD_LIBRARY_PATH", "")]).rstrip(":")
    os.environ["TPUC_ROOT"] = root
    os.environ[PREPARED] = "1"
    os.execv(sys.executable, [sys.executable] + sys.argv)


def main(config, events):
    try:
        import numpy as np
        from tpu_mlir.python.tools.model_runner import model_inference
    except ImportError as error:
        raise Problem(
            "SIMULATE_NO_TPU_MLIR",
            "The chip simulator cannot be loaded: %s" % error,
            'Create the environment again with "maixcam env create convert".',
        )
    model = config["model"]
    if not os.path.exists(model):
        raise Problem("SIMULATE_NO_MODEL", "The model %s does not exist." % model, "Run the conversion first.")
    if not model.endswith(".cvimodel"):
        raise Problem("SIMULATE_NO_CVIMODEL", "%s is not a .cvimodel." % model, "The simulator runs cvimodels only.")
    out = config["outDir"]
    os.makedirs(out, exist_ok=True)

    pictures = []
    for index, source in enumerate(config["inputs"]):
        started = time.perf_counter()
        inputs = load(np, source, config.get("inputName"))
        # Without the intermediate tensors what comes back are the model's own outputs.
        outputs = model_inference(inputs, model, dump_all=False)
        entry = {"input": source if isinstance(source, str) else source["path"], "outputs": []}
        for number, (name, value) in enumerate(outputs.items()):
            file = "%05d-%d.bin" % (index, number)
            np.ascontiguousarray(value, dtype="<f4").tofile(os.path.join(out, file))
            entry["outputs"].append({"name": name, "shape": list(value.shape), "file": file})
        pictures.append(entry)
        events.send("picture", index=index, total=len(config["inputs"]), seconds=time.perf_counter() - started)

    target = os.path.join(out, "index.json")
    with open(target, "w", encoding="utf-8") as file:
        json.dump({"model": model, "pictures": pictures}, file, ensure_ascii=False, indent=1)
    return {"index": target, "pictures": len(pictures)}


def load(np, source, name):
    if isinstance(source, str):
        with np.load(source) as arrays:
            chosen = {key: arrays[key] for key in arrays.files}
        if name is not None and name in chosen:
            return {name: chosen[name]}
        return chosen
    data = np.fromfile(source["path"], dtype="<f4")
    shape = source["shape"]
    if data.size != int(np.prod(shape)):
        raise Problem(
            "SIMULATE_INPUT_SIZE",
            "%s holds %d numbers, and the shape %s needs %d." % (source["path"], data.size, shape, int(np.prod(shape))),
            "Write the input as float32 in the model's shape.",
        )
    return {name or "input": data.reshape(shape)}


if __name__ == "__main__":
    prepare_process()
    run_program(main)
