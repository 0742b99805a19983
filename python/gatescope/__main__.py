"""``python -m gatescope``: the program with its own arguments."""

from ._program import main

main()
