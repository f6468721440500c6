# SPDX-FileCopyrightText: 2026 The MaixCAM Workbench authors
# SPDX-License-Identifier: MIT
"""Prints one JSON object: what is installed beside this interpreter, and which of the named trials fail.

Usage: environment_facts.py [TRIAL ...]; trials: nms, cv2, onnx, onnxruntime, onnxslim, model_transform.
"""

import glob
import importlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import sysconfig

BUNDLED_RUNTIME = ("libc.so.6", "libm.so.6", "libpthread.so.0", "libstdc++.so.6", "libgcc_s.so.1")


def packages():
    found = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), distribution.version)
    return dict(sorted(found.items()))


def try_nms():
    """A pair of builds that do not fit imports well and fails here."""
    import torch
    import torchvision

    boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0], [1.0, 1.0, 10.0, 10.0], [20.0, 20.0, 30.0, 30.0]])
    kept = torchvision.ops.nms(boxes, torch.tensor([0.9, 0.8, 0.7]), 0.5)
    if kept.tolist() != [0, 2]:
        raise RuntimeError("non-maximum suppression gave %r" % kept.tolist())


def try_model_transform():
    """Runs the converter's first tool; fails at once where its C runtime does not fit the system's."""
    tool = os.path.join(sysconfig.get_path("scripts"), "model_transform.py")
    if not os.path.exists(tool):
        tool = os.path.join(os.path.dirname(sys.executable), "model_transform.py")
    run = subprocess.run([sys.executable, tool, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if run.returncode != 0:
        lines = run.stdout.decode("utf-8", "replace").strip().splitlines()
        telling = [line for line in lines if "GLIBC" in line or "Error" in line]
        raise RuntimeError((telling or lines or ["exit status %d" % run.returncode])[-1])


def attempt(trial):
    if trial == "nms":
        try_nms()
    elif trial == "model_transform":
        try_model_transform()
    else:
        importlib.import_module(trial)


def main():
    failures = {}
    for trial in sys.argv[1:]:
        try:
            attempt(trial)
        except BaseException as error:  # a broken native package may raise anything, SystemExit included
            failures[trial] = "%s: %s" % (type(error).__name__, (str(error).strip().splitlines() or [""])[-1])
    third_party = os.path.join(sysconfig.get_path("purelib"), "tpu_mlir", "lib", "third_party")
    facts = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "executable": sys.executable,
        "packages": packages(),
        "failures": failures,
        "bundledRuntime": [f for name in BUNDLED_RUNTIME for f in glob.glob(os.path.join(third_party, name))],
    }
    print("\n" + json.dumps(facts))


if __name__ == "__main__":
    main()
