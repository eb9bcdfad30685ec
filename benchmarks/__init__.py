"""The product measured through its own doors: `python -m benchmarks NAME --help`."""
