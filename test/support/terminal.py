"""Runs a program in a pseudo-terminal, as a person would at a keyboard.

Usage: terminal.py PROMPT PROGRAM [ARGUMENT ...]

When the program has printed PROMPT, one line {"prompted": true} goes to stdout; the next line of stdin is then typed,
Enter included (nothing is typed at the end of stdin). At its end one line {"status", "output"} follows; status is null
where the program did not end within 20 seconds and had to be killed.
"""

import json
import os
import pty
import select
import subprocess
import sys
import threading
import time

prompt, command = sys.argv[1].encode(), sys.argv[2:]
controller, terminal = pty.openpty()
child = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True)
os.close(terminal)


def type_answer():
    answer = sys.stdin.readline()
    if answer:
        os.write(controller, answer.rstrip("\n").encode() + b"\r")


output, prompted, deadline = b"", False, time.monotonic() + 20
while time.monotonic() < deadline:
    if select.select([controller], [], [], 0.05)[0]:
        try:
            data = os.read(controller, 65536)
        except OSError:  # the other side was closed
            data = b""
        if not data:
            break
        output += data
    if not prompted and prompt in output:
        prompted = True
        print(json.dumps({"prompted": True}), flush=True)
        threading.Thread(target=type_answer, daemon=True).start()
try:
    status = child.wait(max(0.1, deadline - time.monotonic()))
except subprocess.TimeoutExpired:
    child.kill()
    status = None
print(json.dumps({"status": status, "output": output.decode("utf-8", "replace")}), flush=True)
