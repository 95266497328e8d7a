"""Makes the trained evidence reader again: `python -m training --help`.

Not a part of the program that a clinic runs: nothing in `qa` imports it, and it is not installed.
"""
