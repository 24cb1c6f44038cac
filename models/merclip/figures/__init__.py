"""The figures of a release: what is measured, on which rows, and how it is set out in tables and plots."""
