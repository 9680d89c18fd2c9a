"""The user that PostgreSQL's programs run as: they refuse to be root.

Not root: ourselves. As root there are two ways, tried in this order.

1. A *user namespace*: a new process keeps root's identity outside but sees itself as an ordinary user. The data
   stays in the state folder, owned by root, even below a folder like `/root` (mode 700). Nothing is copied
   and no permission is loosened.
2. Where the kernel or a container forbids namespaces: an existing unprivileged account (`postgres`, else
   `nobody`). It must be able to reach its data and programs; if a parent folder keeps it out, the data
   lives in `/var/lib/tmam-<hash of the state path>` and the programs are copied there. The state folder
   then holds a file `elsewhere` with that path. Parent folders are never touched.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

CLONE_NEWUSER = 0x10000000  # clone(2)
SYSTEM_FOLDER = Path("/var/lib")
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class DatabaseUser:
    """Who the database runs as. `way` says how a child process becomes that user."""

    way: Literal["ourselves", "namespace", "account"]
    uid: int
    gid: int

    def become(self) -> None:
        """Turn the calling process (a fresh child) into this user. Raises OSError where the system forbids it."""
        if self.way == "namespace":
            _enter_user_namespace(self.uid, self.gid)
        elif self.way == "account":
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)

    def own(self, path: Path) -> None:
        """Make a file or folder of ours this user's."""
        if self.way == "account":
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether this user can enter a folder, tried in a child process that has become it."""

        def try_to_reach() -> None:
            self.become()
            os.scandir(path).close()

        return self.way != "account" or _succeeds_in_child(try_to_reach)


def choose_database_user(*, may_use_namespace: bool = True) -> DatabaseUser:
    """The user for the database on this system.

    Raises:
        LookupError: we are root, namespaces are forbidden, and there is no unprivileged account.
    """
    if os.geteuid() != 0:
        return DatabaseUser("ourselves", os.geteuid(), os.getegid())
    account = _unprivileged_account()
    inside = DatabaseUser("namespace", account.pw_uid, account.pw_gid)
    if may_use_namespace and _succeeds_in_child(inside.become):
        return inside
    return DatabaseUser("account", account.pw_uid, account.pw_gid)


def home_of(user: DatabaseUser, folder: Path) -> Path:
    """The folder that really holds the database of `folder`: itself, or one the user can reach.

    Whichever is chosen first stays, so a database never gets lost by a change of circumstances.
    """
    pointer = folder / "elsewhere"
    if pointer.exists():
        return Path(pointer.read_text(encoding="utf-8").strip())
    if (folder / "data").exists():
        return folder
    user.own(folder)
    if user.reaches(folder):
        return folder
    name = f"tmam-{hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]}"
    home = SYSTEM_FOLDER / name
    home.mkdir(mode=0o700, exist_ok=True)
    user.own(home)
    pointer.write_text(f"{home}\n", encoding="utf-8")
    return home


def reachable_programs(user: DatabaseUser, installation: Path, home: Path) -> Path:
    """A PostgreSQL installation (the folder above `bin`) that the user can run: the given one or a copy in `home`."""
    if user.reaches(installation / "bin"):
        return installation
    stamp = hashlib.sha256(
        f"{installation}{(installation / 'bin/postgres').stat().st_mtime_ns}".encode()
    ).hexdigest()[:12]
    copy = home / f"programs-{stamp}"
    if not copy.exists():
        unfinished = home / "programs.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installation, unfinished, symlinks=True, ignore=shutil.ignore_patterns("include"))
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy


def _unprivileged_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        if account.pw_uid != 0:
            return account
    raise LookupError("no unprivileged account (postgres or nobody)")


def _enter_user_namespace(uid: int, gid: int) -> None:
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    if not hasattr(_libc, "unshare") or _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not allowed here")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {outer_uid} 1"),
        ("gid_map", f"{gid} {outer_gid} 1"),
    ):
        Path("/proc/self", name).write_text(text, encoding="ascii")


def _succeeds_in_child(action: Callable[[], None]) -> bool:
    """Whether an action works, tried in a forked child so that nothing of it stays."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            action()
            status = 0
        except OSError:
            pass
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0
