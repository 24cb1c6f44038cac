#!/bin/sh
# Runs the browser that UNDERTONE_CHROMIUM names, at a lower priority than the server under test.
exec nice -n 10 "$UNDERTONE_CHROMIUM" "$@"
