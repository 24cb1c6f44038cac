#!/bin/sh
# Runs the browser that UNDERTONE_CHROMIUM names so that it gives way to all that is under test. The analyzer itself runs
# at nice 10, below its host: a browser has to be below both, or it takes from the analyzer what another machine would give.
if [ -w "/proc/$$/autogroup" ]; then
  # Linux shares the CPU out between sessions first, and nice counts inside one alone (sched(7)). Only the leader of a
  # session may lower it: it would lower whoever started it otherwise.
  read -r _ _ _ _ _ session _ <"/proc/$$/stat"
  if [ "$session" = "$$" ]; then
    echo 19 >"/proc/$$/autogroup" || true
  fi
fi
exec nice -n 19 "$UNDERTONE_CHROMIUM" "$@"
