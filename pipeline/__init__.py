"""Communiqué: wire stories in, structured diplomatic events out. Read `run.py` first."""
