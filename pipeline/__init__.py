"""Communiqué: wire stories in, structured diplomatic events out. Read `pipeline.run` first."""
