"""`python -m tmam.cli`: the same as the command `tmam`."""

from tmam.cli.main import app

app(prog_name="tmam")
