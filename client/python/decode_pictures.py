# SPDX-FileCopyrightText: 2026 The MaixCAM Workbench authors
# SPDX-License-Identifier: MIT
"""Decodes pictures of kinds that the program itself does not read (BMP, WebP, TIFF …), with OpenCV as the trainer does.

Configuration: pictures (paths), outDir.
Events: done {pictures}: for each, width, height and the file with its RGB bytes, or null where it cannot be decoded.
"""

import sys

sys.dont_write_bytecode = True  # our own folder may be read-only
import os

from reporting import Problem, run_program

sys.dont_write_bytecode = False


def main(config, events):
    try:
        import cv2
        import numpy as np
    except ImportError as error:
        raise Problem(
            "DECODE_NO_OPENCV",
            "The environment has no OpenCV: %s" % error,
            'Create the environment again with "maixcam env create convert".',
        )
    decoded = []
    for index, picture in enumerate(config["pictures"]):
        # Not imread: on some systems it refuses paths with other letters than ASCII.
        bgr = cv2.imdecode(np.fromfile(picture, dtype=np.uint8), cv2.IMREAD_COLOR)
        if bgr is None:
            decoded.append(None)
            continue
        file = os.path.join(config["outDir"], "rgb-%d.bin" % index)
        np.ascontiguousarray(bgr[:, :, ::-1]).tofile(file)
        decoded.append({"width": bgr.shape[1], "height": bgr.shape[0], "file": file})
    return {"pictures": decoded}


if __name__ == "__main__":
    run_program(main)
