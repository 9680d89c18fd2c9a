"""The hot shell runs without Django: it starts quickly and stays small."""

import os
import subprocess
import sys


def test_the_hot_shell_needs_no_django_settings_and_no_orm() -> None:
    program = (
        "import sys, tmam.hot.app\n"
        "heavy = [name for name in ('django.db', 'django.http') if name in sys.modules]\n"
        "print(heavy)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
