"""What long work says meanwhile: a bar on a terminal, JSON lines in a scheduled run."""

import json
import sys
import time

WIDTH = 28


class Progress:
    """Says how far a step is, on a stream.

    Parameters
    ----------
    stream : text stream
        A terminal gets one line that is written over; anything else gets JSON lines.
    """

    def __init__(self, stream=None):
        self.stream = stream or sys.stderr
        self.terminal = self.stream.isatty()
        self.began = time.monotonic()
        self.shown = -10.0

    def step(self, name, done, total, detail=""):
        """The step `name` has done `done` of `total` tasks."""
        now = time.monotonic()
        if done < total and now - self.shown < (0.1 if self.terminal else 5.0):
            return
        self.shown = now
        if not self.terminal:
            self.say("progress", step=name, done=done, total=total, detail=detail)
            return
        filled = WIDTH * done // max(total, 1)
        end = "\n" if done >= total else ""
        self.stream.write(f"\r{name:10}[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total} {detail[:30]:30}{end}")
        self.stream.flush()

    def say(self, event, **fields):
        """One line about something that happened."""
        if self.terminal:
            text = fields.get("text") or ", ".join(f"{name} {value}" for name, value in fields.items())
            self.stream.write(f"{event}: {text}\n")
        else:
            seconds = round(time.monotonic() - self.began, 2)
            line = {"event": event, "seconds": seconds} | fields
            self.stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.stream.flush()
