"""What all tests share: the repository on the path, ahead of the tests' own folders of the same names."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = str(Path(__file__).parent.parent)
# pytest puts this folder first, where `results` and `scenarios` are folders of tests
sys.path[:] = [ROOT, *(entry for entry in sys.path if entry != ROOT)]
