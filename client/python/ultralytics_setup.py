# SPDX-FileCopyrightText: 2026 The MaixCAM Workbench authors
# SPDX-License-Identifier: AGPL-3.0-only
"""What every program that drives Ultralytics shares: no network, and its failures in words."""

import importlib.util
import os
import re
import shutil

from reporting import Problem


def go_offline():
    """Switches off everything in Ultralytics that would use the network; call before importing it."""
    os.environ.setdefault("YOLO_OFFLINE", "1")
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    os.environ.setdefault("ULTRALYTICS_SKIP_REQUIREMENTS_CHECKS", "1")
    os.environ.setdefault("MPLBACKEND", "Agg")
    os.environ.pop("ULTRALYTICS_API_KEY", None)
    place_fonts()
    from ultralytics import settings

    wanted = {"sync": False}
    for integration in ("clearml", "comet", "dvc", "hub", "mlflow", "neptune", "raytune", "tensorboard", "wandb"):
        wanted[integration] = False
    settings.update({key: value for key, value in wanted.items() if key in settings and settings[key] != value})


def place_fonts():
    """Without a file of this name Ultralytics asks the network for one, even offline; any TrueType font will do."""
    folder = os.environ.get("YOLO_CONFIG_DIR")
    found = importlib.util.find_spec("matplotlib")
    if not folder or found is None or not found.submodule_search_locations:
        return
    font = os.path.join(found.submodule_search_locations[0], "mpl-data", "fonts", "ttf", "DejaVuSans.ttf")
    if not os.path.exists(font):
        return
    # Releases before 8.3.195 look in the folder itself.
    for place in (folder, os.path.join(folder, "Ultralytics")):
        os.makedirs(place, exist_ok=True)
        for name in ("Arial.ttf", "Arial.Unicode.ttf"):
            target = os.path.join(place, name)
            if not os.path.exists(target):
                draft = "%s.%d" % (target, os.getpid())
                shutil.copyfile(font, draft)
                os.replace(draft, target)


def require_dataset(data):
    """The dataset must exist here: Ultralytics would look for a name it does not find on the network."""
    if not os.path.exists(data):
        raise Problem(
            "DATASET_NOT_FOUND",
            "The dataset %s does not exist." % data,
            "Correct the path of the dataset YAML, or move the dataset back.",
        )


# First match wins: pattern over the whole message, code, message (with the groups), hint.
KNOWN = [
    (
        r"Dataset '(?P<data>[^']*)' (?:error . )?.*?images not found[^\n]*?(?:missing path '(?P<path>[^']*)')?(?:\n|$)",
        "DATASET_SPLIT_MISSING",
        "The pictures of a split do not exist: {path}.",
        "Correct train and val in the dataset YAML; relative paths are taken from its `path`, or from its own folder.",
    ),
    (
        r"'(?P<split>train|val|test):' (?:images not found|key missing)",
        "DATASET_SPLIT_MISSING",
        "The dataset YAML names no pictures for the split {split}.",
        "Add `{split}:` with the folder of its pictures to the dataset YAML.",
    ),
    (
        r"(?:train: |val: |test: )(?P<path>[^\n]+?) does not exist\n",
        "DATASET_SPLIT_MISSING",
        "The pictures of a split do not exist: {path}.",
        "Correct train and val in the dataset YAML; relative paths are taken from its `path`, or from its own folder.",
    ),
    (
        r"No images found in (?P<path>[^\n]+?)(?:\. Supported formats| or its subdirectories|\n)",
        "DATASET_EMPTY_SPLIT",
        "There are no pictures in {path}.",
        "Put pictures there, or correct the paths in the dataset YAML.",
    ),
    (
        r"Error loading data from (?P<path>[^\n]+)",
        "DATASET_EMPTY_SPLIT",
        "No pictures could be read from {path}.",
        "Put pictures there, or correct the paths in the dataset YAML.",
    ),
    (
        r"No labels found in (?P<path>[^\n]+?)(?:\.cache)?\. See ",
        "DATASET_NO_LABELS",
        "No label file was found for any training picture ({path}).",
        "Labels lie in a folder `labels` beside `images`, one .txt with the picture's name each.",
    ),
    (
        r"No valid images found in (?P<path>[^\n]*?)(?:\.cache)?\.\n\s*(?P<why>[^\n]*)",
        "DATASET_NO_VALID_PICTURES",
        "The trainer can use none of the pictures ({path}); the first reason: {why}",
        "Correct the pictures or labels that the log names.",
    ),
    (
        r"(?:YAML syntax error in|while parsing|while scanning) ?(?P<path>[^\n]*)",
        "DATASET_YAML_SYNTAX",
        "The dataset YAML cannot be read: {path}",
        "Correct the syntax at the line that the log names.",
    ),
    (
        r"either 'names' or 'nc' are required",
        "DATASET_NO_NAMES",
        "The dataset YAML names no classes.",
        "Add `names:` with the classes in the order of their numbers.",
    ),
    (
        r"(?P<kind>OBB|Segment|Semantic) dataset requires equal numbers",
        "DATASET_WRONG_TASK",
        "The labels are boxes, but the task {kind} needs polygons.",
        "Choose the task that fits the labels, or label with polygons.",
    ),
    (
        r"Invalid CUDA 'device=(?P<device>[^']*)' requested",
        "TRAIN_DEVICE",
        "The device {device} does not exist on this machine, or PyTorch in this environment cannot use it.",
        "Set the device to `cpu` or `auto`.",
    ),
    (
        r"CUDA out of memory|out of memory|DefaultCPUAllocator|Cannot allocate memory",
        "TRAIN_MEMORY",
        "The memory is too small for this training.",
        "Make `batch` or the picture size smaller.",
    ),
    (
        r"No space left on device",
        "DISK_FULL",
        "The disk is full.",
        "Free some space and run the step again.",
    ),
    (
        r"'(?P<key>[^'=]+)[^']*' is not a valid YOLO argument",
        "TRAIN_ARGUMENT",
        "This Ultralytics release knows no training argument `{key}`.",
        "Correct or remove it under `train.args`.",
    ),
    (
        r"'(?P<key>\w+)=(?P<value>[^']*)' is (?:of invalid type|an invalid value)",
        "TRAIN_ARGUMENT",
        "`{key}: {value}` is no valid training argument.",
        "Correct it under `train.args`.",
    ),
]


def translate(error):
    """A known failure of Ultralytics as a Problem; None where it is not known."""
    chain, texts = error, []
    while chain is not None:
        texts.append(re.sub(r"\x1b\[[0-9;]*m", "", str(chain)))
        chain = chain.__cause__ or chain.__context__
    # The innermost error knows best; what wraps it says less.
    for pattern, code, message, hint in KNOWN:
        for text in reversed(texts):
            found = re.search(pattern, text + "\n", re.DOTALL)
            if found:
                groups = {name: (value or "").strip() for name, value in found.groupdict().items()}
                return Problem(code, message.format(**groups), hint.format(**groups))
    if isinstance(error, MemoryError):
        return Problem("TRAIN_MEMORY", "The memory is too small.", "Make `batch` or the picture size smaller.")
    if isinstance(error, (ConnectionError,)):
        return Problem(
            "TRAIN_NEEDS_NETWORK",
            "Ultralytics wanted to download something: %s" % (str(error).splitlines() or [""])[-1],
            "Everything works offline here: give weights as a local .pt file.",
        )
    return None
