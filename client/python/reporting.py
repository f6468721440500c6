# SPDX-FileCopyrightText: 2026 The MaixCAM Workbench authors
# SPDX-License-Identifier: MIT
"""How our programs are called and report: a JSON configuration in, one JSON object a line out.

Every program is run as `PROGRAM --config FILE --events FILE`. The events file is appended to and flushed line by line;
stdout and stderr belong to the tool's own log. The last event is `done`, `error` or `cancelled`; the exit status is 0,
1 or 130.
"""

import argparse
import json
import math
import os
import signal
import sys
import threading
import time
import traceback


class Problem(Exception):
    """An expected failure: stable code, what happened and why, what to do next."""

    def __init__(self, code, message, hint):
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Events:
    """Appends events to the file; numbers that JSON does not know become null."""

    def __init__(self, path):
        self._file = open(path, "a", encoding="utf-8")
        self._lock = threading.Lock()

    def send(self, event, **fields):
        line = json.dumps(clean(dict(fields, event=event)), ensure_ascii=False)
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()


def clean(value):
    """A JSON-ready copy: arrays and tensors as lists, paths as text, NaN and infinities as None."""
    if isinstance(value, dict):
        return {str(key): clean(inside) for key, inside in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(inside) for inside in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if hasattr(value, "tolist"):
        return clean(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value)


def end_with_parent():
    """Ends this process when the one that started it is gone: a killed host must leave nothing running."""
    if os.name == "nt":
        return
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def run_program(work, translate=None):
    """Runs `work(config, events)`; its result becomes the `done` event. `translate(error)` gives a Problem or None."""
    # A host that was started in the background hands down "ignore", and SIGINT is how it cancels.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--events", required=True)
    options = parser.parse_args()
    events = Events(options.events)
    end_with_parent()
    try:
        with open(options.config, encoding="utf-8") as file:
            config = json.load(file)
        events.send("done", **work(config, events))
        status = 0
    except KeyboardInterrupt:
        events.send("cancelled")
        status = 130
    except Problem as problem:
        events.send("error", code=problem.code, message=problem.message, hint=problem.hint)
        status = 1
    except BaseException as error:
        traceback.print_exc()
        problem = translate(error) if translate else None
        if problem is None:
            last = (str(error).strip().splitlines() or [type(error).__name__])[-1]
            problem = Problem(
                "PROGRAM_FAILED",
                "%s stopped: %s: %s" % (os.path.basename(sys.argv[0]), type(error).__name__, last),
                "See the log for the lines above it.",
            )
        events.send("error", code=problem.code, message=problem.message, hint=problem.hint)
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(status)
