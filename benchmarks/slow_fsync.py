"""A disk with a slower fsync, by a small library put before the system's own (needs gcc)."""

from __future__ import annotations

import subprocess
from pathlib import Path

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static void wait_a_little(void) { usleep(DELAY); }
int fsync(int fd) {
    static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync");
    wait_a_little(); return real(fd);
}
int fdatasync(int fd) {
    static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    wait_a_little(); return real(fd);
}
"""


def shim(milliseconds: float, folder: str) -> dict[str, str]:
    """The environment that adds `milliseconds` to every fsync of a process; {} for none."""
    if not milliseconds:
        return {}
    source, library = Path(folder) / "slow.c", Path(folder) / "slow.so"
    source.write_text(SOURCE, "utf-8")
    delay = f"-DDELAY={int(milliseconds * 1000)}"
    built = ["gcc", "-shared", "-fPIC", "-O2", delay, str(source), "-o", str(library), "-ldl"]
    subprocess.run(built, check=True)
    return {"LD_PRELOAD": str(library)}
