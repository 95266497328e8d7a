"""Mixed traffic at a real server for minutes or hours, with swaps and faults: see `__main__`."""
