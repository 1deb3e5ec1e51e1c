"""What a process hears from the one that started it: when to begin, and to end when that one is gone."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
LOOK_EVERY = 1.0
WAITS_AT = "_HUIYIN_WAITS_AT"  # the door of a process that may not begin yet; a pipe's number


def follow(parent: int) -> None:
    """End this process soon after its parent, even if that is killed outright: nobody answers for a server
    without a supervisor.
    """
    if sys.platform == "linux" and _ask_the_kernel():
        if os.getppid() != parent:  # it went before the kernel was asked
            os.kill(os.getpid(), signal.SIGTERM)
        return
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def is_let_go() -> bool:
    """Whether to begin: at once, or when the house was found in order; False when it was not."""
    handle = os.environ.pop(WAITS_AT, "")
    return not handle or os.read(int(handle), 1) != b""


def _ask_the_kernel() -> bool:
    try:
        asked: int = ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    except (OSError, AttributeError):
        return False
    return asked == 0


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
