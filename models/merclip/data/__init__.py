"""Data sets, one file each, and how they are mixed. Layout of the folder: see models/README.md."""
