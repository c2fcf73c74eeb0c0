"""One line per step of preparation, alive while the step runs.

Owns how progress looks: on a terminal a line that moves, elsewhere a line every few seconds.
Promises that a failing command shows the end of its own output and stops the preparation with
exit code 1, and that Ctrl-C ends the command it interrupts. Knows nothing of what is installed.
"""

import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

QUIET_SECONDS = 10  # between two lines of one step where the output is no terminal
KEPT_LINES = 40


class StepFailed(Exception):
    """A step could not be done; the text is for the person at the keyboard."""


class _Ticker:
    """Redraws the step's line until it is left."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self.started = time.monotonic()
        self._done = threading.Event()
        self._moving = sys.stdout.isatty()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "_Ticker":
        if not self._moving:
            print(f"  {self.title} ...", flush=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._done.set()
        self._thread.join()
        outcome = "done" if kind is None else "stopped"
        self._write(f"  {self.title}: {outcome} ({self.seconds()} s)", last=True)

    def seconds(self) -> int:
        return round(time.monotonic() - self.started)

    def _tick(self) -> None:
        while not self._done.wait(0.5 if self._moving else QUIET_SECONDS):
            self._write(f"  {self.title} {self.seconds()} s  {self.detail}")

    def _write(self, text: str, last: bool = False) -> None:
        if self._moving:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{text[:width]}", end="\n" if last else "", flush=True)
        else:
            print(text[:120], flush=True)


def run_step(title: str, command: Sequence[str | Path]) -> None:
    """Run one command as one step. Raises StepFailed with the end of its output."""
    kept: deque[str] = deque(maxlen=KEPT_LINES)
    with _Ticker(title) as ticker:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        try:
            for line in process.stdout or ():
                kept.append(line.rstrip())
                ticker.detail = line.strip()
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if code:
            shown = "\n".join(f"    {line}" for line in kept)
            text = f"{title}: exit code {code}. The end of its output:\n{shown}"
            raise StepFailed(text)
