"""The load generator's entry: the plan's file, then the outcome's."""

import sys
from pathlib import Path

from tmam.bench.load.driver import main

main(Path(sys.argv[1]), Path(sys.argv[2]))
