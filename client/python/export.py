# SPDX-FileCopyrightText: 2026 The MaixCAM Workbench authors
# SPDX-License-Identifier: AGPL-3.0-only
"""Exports weights to ONNX with Ultralytics, with the head that the boards decode.

Configuration: weights, height, width, opset, out (the .onnx to write).
Events: done {path, bytes, input: {name, height, width}, outputs, metadata, ultralytics, arguments}.
"""

import sys

sys.dont_write_bytecode = True  # our own folder may be read-only
import os
import shutil
import tempfile

from reporting import Problem, run_program
from ultralytics_setup import go_offline, translate

sys.dont_write_bytecode = False


def main(config, events):
    weights, out = config["weights"], config["out"]
    if not os.path.exists(weights):
        raise Problem(
            "EXPORT_NO_WEIGHTS",
            "The weights %s do not exist." % weights,
            "Run the training first, or correct the path.",
        )
    go_offline()
    import onnx
    import ultralytics
    from ultralytics import YOLO

    # Ultralytics writes beside the weights: they are copied, so that their folder stays as it is.
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(out)), prefix=".export-") as folder:
        copy = os.path.join(folder, os.path.basename(weights))
        shutil.copyfile(weights, copy)
        model = YOLO(copy)
        arguments = dict(
            format="onnx",
            imgsz=[config["height"], config["width"]],
            opset=config["opset"],
            simplify=True,
            dynamic=False,
            batch=1,
            device="cpu",
        )
        arguments.update(head_argument(model))
        made = model.export(**arguments)
        graph = onnx.load(made, load_external_data=False)
        shutil.move(made, out)

    image = graph.graph.input[0]
    shape = dimensions(image)
    return {
        "path": out,
        "bytes": os.path.getsize(out),
        "input": {"name": image.name, "height": shape[2], "width": shape[3]},
        "outputs": [{"name": value.name, "shape": dimensions(value)} for value in graph.graph.output],
        "metadata": {entry.key: entry.value for entry in graph.metadata_props},
        "ultralytics": ultralytics.__version__,
        "arguments": arguments,
    }


def head_argument(model):
    """The argument that keeps the one-to-one head of YOLO26 and YOLOv10: the boards run no NMS for them.

    Its name depends on the release (toolchain.md 3): where `nms` may be None, False asks for the NMS-free head; before,
    `end2end=True` did. Models without such a head take neither.
    """
    from ultralytics.utils import DEFAULT_CFG_DICT

    if not hasattr(model.model.model[-1], "one2one_cv2"):
        return {}
    if "nms" in DEFAULT_CFG_DICT and DEFAULT_CFG_DICT["nms"] is None:
        return {"nms": False}
    if "end2end" in DEFAULT_CFG_DICT:
        return {"end2end": True}
    return {}


def dimensions(value):
    """Shape of a tensor: numbers, and names where it is dynamic."""
    return [dim.dim_value or dim.dim_param for dim in value.type.tensor_type.shape.dim]


if __name__ == "__main__":
    run_program(main, translate)
