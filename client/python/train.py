# SPDX-FileCopyrightText: 2026 The MaixCAM Workbench authors
# SPDX-License-Identifier: AGPL-3.0-only
"""Trains with Ultralytics and reports what its callbacks tell.

Configuration: model (name such as "yolov8n-pose", or the path of a .pt or .yaml), width (number or null: overrides the
width of the model's scale), task, data, epochs, batch, imgsz, device, seed, args, project, name.
Events: start, batch, epoch, done.
"""

import sys

sys.dont_write_bytecode = True  # our own folder may be read-only
import os
import re
import time

from reporting import Problem, run_program
from ultralytics_setup import go_offline, require_dataset, translate

sys.dont_write_bytecode = False

BATCH_INTERVAL = 0.25  # seconds between two reports inside an epoch


def main(config, events):
    started = time.perf_counter()
    require_dataset(config["data"])
    device = config.get("device")
    if isinstance(device, str) and "," in device:
        raise Problem(
            "TRAIN_DEVICE",
            "Training on several devices (%s) loses the progress reports and is not supported." % device,
            "Choose one device.",
        )
    go_offline()
    import torch
    import ultralytics
    from ultralytics import YOLO

    model = YOLO(model_source(config), task=config.get("task"))
    reporter = Reporter(events, config["epochs"])
    reporter.attach(model)
    settings = dict(plots=False, workers=0, amp=False, verbose=True, exist_ok=True)
    settings.update(config.get("args") or {})
    cpu = str(device) == "cpu" or (device is None and not torch.cuda.is_available())
    if cpu:
        settings["amp"] = False
    settings.update(
        data=config["data"],
        epochs=config["epochs"],
        batch=config["batch"],
        imgsz=config["imgsz"],
        seed=config["seed"],
        project=config["project"],
        name=config["name"],
        device="cpu" if cpu else device,
    )
    events.send(
        "start",
        epochs=config["epochs"],
        device="cpu" if cpu else str(device if device is not None else "cuda:0"),
        ultralytics=ultralytics.__version__,
        torch=torch.__version__,
    )
    model.train(**settings)

    trainer = model.trainer
    best, last = str(trainer.best), str(trainer.last)
    if not os.path.exists(best):
        raise Problem(
            "TRAIN_NO_WEIGHTS",
            "The training ended without weights: no epoch gave usable numbers.",
            "Look at the losses in the log; a smaller `lr0` helps where they are not numbers.",
        )
    return {
        "best": best,
        "last": last,
        "saveDir": str(trainer.save_dir),
        "metrics": with_short_names(trainer.metrics or {}),
        "epochs": reporter.finished,
        "stoppedEarly": reporter.finished < config["epochs"],
        "callbackSeconds": reporter.seconds,
        "totalSeconds": time.perf_counter() - started,
    }


def with_short_names(metrics):
    """Ultralytics' names, and the box metrics without prefix and suffix: mAP50, mAP50-95, precision, recall."""
    named = {key: float(value) for key, value in metrics.items()}
    for key, value in list(named.items()):
        short = re.fullmatch(r"metrics/(.+?)(?:\(B\))?", key)
        if short and "(" not in short.group(1):
            named[short.group(1)] = value
    return named


class Reporter:
    """Turns callbacks into events, and measures the time that this takes."""

    def __init__(self, events, epochs):
        self.events = events
        self.epochs = epochs
        self.seconds = 0.0
        self.finished = 0
        self.batch = 0
        self.last_batch_report = 0.0
        self.train_start = 0.0
        self.epoch_start = None

    def attach(self, model):
        for name in ("on_train_start", "on_train_epoch_start", "on_train_batch_end", "on_fit_epoch_end"):
            model.add_callback(name, self.timed(getattr(self, name)))

    def timed(self, callback):
        def run(trainer):
            before = time.perf_counter()
            callback(trainer)
            self.seconds += time.perf_counter() - before

        return run

    def on_train_start(self, trainer):
        self.train_start = time.perf_counter()
        loaders = (("train", trainer.train_loader), ("val", trainer.test_loader))
        counts = {name: {"images": len(loader.dataset)} for name, loader in loaders if loader is not None}
        self.events.send("dataset", **counts)

    def on_train_epoch_start(self, trainer):
        self.batch = 0
        self.epoch_start = time.perf_counter()

    def on_train_batch_end(self, trainer):
        self.batch += 1
        now = time.perf_counter()
        if now - self.last_batch_report < BATCH_INTERVAL:
            return
        self.last_batch_report = now
        self.events.send(
            "batch", epoch=trainer.epoch + 1, epochs=self.epochs, batch=self.batch, batches=len(trainer.train_loader)
        )

    def on_fit_epoch_end(self, trainer):
        epoch = trainer.epoch + 1
        # Some releases call once more after the final evaluation (dataset-and-training.md 4.6): no epoch began.
        if self.epoch_start is None:
            return
        self.finished = epoch
        now = time.perf_counter()
        seconds, self.epoch_start = now - self.epoch_start, None
        losses = trainer.label_loss_items(trainer.tloss, prefix="train")
        metrics = dict(trainer.metrics or {})
        self.events.send(
            "epoch",
            epoch=epoch,
            epochs=self.epochs,
            losses={key.split("/", 1)[-1]: float(value) for key, value in losses.items()},
            valLosses={key[4:]: float(value) for key, value in metrics.items() if key.startswith("val/")},
            metrics=with_short_names({key: value for key, value in metrics.items() if key.startswith("metrics/")}),
            seconds=seconds,
            eta=(now - self.train_start) / epoch * (self.epochs - epoch),
        )


def model_source(config):
    """What YOLO() is to load: a file, or the YAML of the installed package, with another width where asked."""
    model = config["model"]
    if re.search(r"\.(pt|ya?ml)$", model, re.IGNORECASE):
        if not os.path.exists(model):
            raise Problem(
                "TRAIN_MODEL_NOT_FOUND",
                "The model file %s does not exist." % model,
                "Correct `train.model`. Weights are not downloaded: put the .pt file beside the recipe.",
            )
        if model.lower().endswith(".pt") or config.get("width") is None:
            return model
    elif config.get("width") is None:
        return find_package_model(model)[1] + ".yaml"
    return derived_model(model, config["width"], config["project"])


def find_package_model(name):
    """The YAML of a model's family in the installed package, and the name that picks a size of it."""
    import ultralytics

    known = re.fullmatch(r"(yolov?\d+)([a-z])(u?)(-.+)?", name)
    root = os.path.join(os.path.dirname(ultralytics.__file__), "cfg", "models")
    wanted = []
    if known:
        family, letter, _, suffix = known.groups()
        wanted = [family + (suffix or "") + ".yaml", family + letter + (suffix or "") + ".yaml"]
    for folder, _, files in sorted(os.walk(root)):
        for file in wanted:
            if file in files:
                # "yolov5nu" are the weights' name; the YAML of that head is yolov5.
                return os.path.join(folder, file), family + letter + (suffix or "")
    raise Problem(
        "TRAIN_MODEL_UNKNOWN",
        "The installed Ultralytics %s knows no model %s." % (ultralytics.__version__, name),
        "Use a name such as yolov8n, yolo11n-pose or yolo26n, or the path of a .pt or .yaml file.",
    )


def derived_model(model, width, folder):
    """Writes a copy of a model YAML with the scale's width replaced; the file's name carries the scale letter."""
    import yaml

    if os.path.exists(model):
        source, stem = model, os.path.splitext(os.path.basename(model))[0]
    else:
        source, stem = find_package_model(model)
    with open(source, encoding="utf-8") as file:
        definition = yaml.safe_load(file)
    scales = definition.get("scales")
    if not scales:
        raise Problem(
            "TRAIN_WIDTH",
            "The model %s has one size only, so its width cannot be changed." % model,
            "Remove `width`, or choose a model with sizes, such as yolov8n or yolo11n.",
        )
    named = re.search(r"yolo(?:e-)?v?\d+([nslmx])", stem)
    letter = named.group(1) if named and named.group(1) in scales else next(iter(scales))
    definition["scales"] = {letter: [scales[letter][0], width] + list(scales[letter][2:])}
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, stem + ".yaml")
    with open(target, "w", encoding="utf-8") as file:
        yaml.safe_dump(definition, file, sort_keys=False)
    return target


if __name__ == "__main__":
    run_program(main, translate)
