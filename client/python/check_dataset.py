# SPDX-FileCopyrightText: 2026 The MaixCAM Workbench authors
# SPDX-License-Identifier: AGPL-3.0-only
"""Loads a dataset with the installed Ultralytics, exactly as a training would, and tells what it keeps.

Configuration: data, task, listing (optional: file to write the kept pictures to).
Events: progress {message}, done {names, kptShape, splits: {train, val}}; per split images, kept, backgrounds, corrupt,
objects, perClass, dropped. Nothing is written into the dataset.
"""

import sys

sys.dont_write_bytecode = True  # our own folder may be read-only
import json
import os

from reporting import Problem, clean, run_program
from ultralytics_setup import go_offline, require_dataset, translate

sys.dont_write_bytecode = False

MOST_DROPPED = 100


def main(config, events):
    data, task = config["data"], config.get("task") or "detect"
    require_dataset(data)
    go_offline()
    found = check_classify(data, events) if task == "classify" else check_labelled(data, task, events)
    names, kpt_shape, splits, pictures = found
    if splits["train"]["objects"] == 0:
        raise Problem(
            "DATASET_NO_LABELS",
            "The training pictures carry no labels: %d pictures, 0 objects." % splits["train"]["images"],
            "Labels lie in a folder `labels` beside `images`, one .txt with the picture's name each.",
        )
    listing = {"names": names, "kptShape": kpt_shape, "splits": pictures}
    if config.get("listing"):
        with open(config["listing"], "w", encoding="utf-8") as file:
            json.dump(clean(listing), file, ensure_ascii=False, indent=1)
    return {"names": names, "kptShape": kpt_shape, "splits": splits}


def check_labelled(data, task, events):
    """Datasets with label files: the trainer's own checks, then its own dataset class for both splits."""
    import ultralytics.data.dataset as dataset_module
    from ultralytics.cfg import get_cfg
    from ultralytics.data.build import build_yolo_dataset
    from ultralytics.data.utils import check_det_dataset
    from ultralytics.utils import DEFAULT_CFG

    # The scan's cache file would lie in the person's dataset.
    dataset_module.save_dataset_cache_file = lambda prefix, path, cache, version: cache.update(version=version)
    seen = {}
    remember_pictures(dataset_module.YOLODataset, seen)

    facts = check_det_dataset(data, autodownload=False)
    cfg = get_cfg(DEFAULT_CFG, overrides={"task": task, "data": data})
    if task == "pose" and not facts.get("kpt_shape"):
        raise Problem(
            "DATASET_NO_KPT_SHAPE",
            "The dataset YAML has no `kpt_shape`, which a pose training needs.",
            "Add `kpt_shape: [points, 2 or 3]` to the dataset YAML.",
        )
    names = [str(facts["names"][index]) for index in sorted(facts["names"])]
    splits, pictures = {}, {}
    for split in ("train", "val"):
        events.send("progress", message="scanning the split %s" % split)
        # Building it with mode "train" makes the same demands on both splits as the training makes.
        built = build_yolo_dataset(cfg, facts[split], 16, facts, mode=split, stride=32)
        splits[split] = count(seen.pop("found"), built.labels, names)
        pictures[split] = list_pictures(built.labels)
    return names, facts.get("kpt_shape"), splits, pictures


def remember_pictures(dataset, seen):
    """Keeps the list of pictures that were found, before the ones that cannot be used are taken out of it."""
    original = dataset.get_labels

    def get_labels(self):
        seen["found"] = list(self.im_files)
        return original(self)

    dataset.get_labels = get_labels


def count(found, labels, names):
    kept = {label["im_file"] for label in labels}
    per_class = dict.fromkeys(names, 0)
    for label in labels:
        for number in label["cls"].reshape(-1).astype(int).tolist():
            if number < len(names):
                per_class[names[number]] += 1
    dropped = [picture for picture in found if picture not in kept]
    return {
        "images": len(found),
        "kept": len(labels),
        "backgrounds": sum(len(label["cls"]) == 0 for label in labels),
        "corrupt": len(dropped),
        "objects": sum(len(label["cls"]) for label in labels),
        "perClass": per_class,
        "dropped": dropped[:MOST_DROPPED],
    }


def list_pictures(labels):
    from ultralytics.data.utils import img2label_paths

    images = [os.path.abspath(label["im_file"]) for label in labels]
    texts = img2label_paths(images)
    return [
        {"image": image, "label": text if os.path.exists(text) else None} for image, text in zip(images, texts)
    ]


def check_classify(data, events):
    """A classification dataset is a folder with a folder for each class in each split."""
    from ultralytics.data.utils import IMG_FORMATS, check_cls_dataset

    events.send("progress", message="scanning the folders")
    if not os.path.isdir(os.path.join(data, "train")):
        raise Problem(
            "DATASET_SPLIT_MISSING",
            "The folder %s has no folder `train`." % data,
            "A classification dataset has `train` and `val`, each with a folder of pictures for every class.",
        )
    facts = check_cls_dataset(data)
    names = [str(facts["names"][index]) for index in sorted(facts["names"])]
    splits, pictures = {}, {}
    for split in ("train", "val"):
        folder = facts.get(split)
        if folder is None:
            raise Problem(
                "DATASET_SPLIT_MISSING",
                "The dataset %s has no folder for the split %s." % (data, split),
                "Add the folder `val` with a folder of pictures for every class.",
            )
        listed, per_class = [], dict.fromkeys(names, 0)
        for name in names:
            inside = os.path.join(str(folder), name)
            files = sorted(os.listdir(inside)) if os.path.isdir(inside) else []
            files = [file for file in files if file.rpartition(".")[2].lower() in IMG_FORMATS]
            listed += [{"image": os.path.abspath(os.path.join(inside, file)), "label": None} for file in files]
            per_class[name] = len(files)
        if not listed:
            raise Problem(
                "DATASET_EMPTY_SPLIT",
                "There are no pictures in %s." % folder,
                "Put pictures there, in one folder for each class.",
            )
        splits[split] = {
            "images": len(listed),
            "kept": len(listed),
            "backgrounds": 0,
            "corrupt": 0,
            "objects": len(listed),
            "perClass": per_class,
            "dropped": [],
        }
        pictures[split] = listed
    return names, None, splits, pictures


if __name__ == "__main__":
    run_program(main, translate)
