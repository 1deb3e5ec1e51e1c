"""A type that eight threads meet first at once: the process must live."""

from __future__ import annotations

import subprocess
import sys

TYPES, THREADS = 100, 8

MEETING = f"""
import sys, threading
import msgspec
from huiyin.site import typed


def meet(start, type):
    start.wait()
    typed.decode(b'{{"inner": {{}}, "many": [{{}}]}}', type)

sys.setswitchinterval(1e-6)
for nth in range({TYPES}):
    inner = msgspec.defstruct(f"Inner{{nth}}", [(f"f{{n}}", str | None, None) for n in range(30)])
    outer = msgspec.defstruct(f"Outer{{nth}}", [("inner", inner), ("many", list[inner])])
    start = threading.Barrier({THREADS})
    threads = [threading.Thread(target=meet, args=(start, outer)) for _ in range({THREADS})]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print("alive")
"""


def test_a_type_is_met_by_one_thread_first() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEETING], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")
