#!/usr/bin/env bash
# The resident memory of a gateway and a calendar, warmed up and idle, as processes of their own with
# the reference services on the embedded database. Needs npm run build.
# Usage: test/deploy/try-memory.sh [SECONDS of idling, by default 30]
set -euo pipefail
cd "$(dirname "$0")/../.."
free_port() { node -e 'const s = require("node:net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })'; }
export HOST=127.0.0.1 LOG_LEVEL=silent INTERNAL_SECRET="a secret for a trial, thirty-two bytes"
for name in PORT CALENDAR_PORT LECTURE_PORT ATTENDANCE_PORT ASSIGNMENT_PORT; do export $name="$(free_port)"; done
pids=()
trap 'kill -KILL "${pids[@]}" 2>/dev/null || true' EXIT
declare -A metrics
for part in lecture attendance assignment calendar gateway; do
  metrics[$part]=$(free_port)
  METRICS_PORT=${metrics[$part]} node dist/main.js $part >/dev/null & pids+=($!)
done
for _ in $(seq 300); do
  curl -fsS -o /dev/null "http://127.0.0.1:$PORT/readyz" 2>/dev/null && break
  sleep 0.2
done
sleep "${1:-30}"
for part in gateway calendar; do
  curl -fsS "http://127.0.0.1:${metrics[$part]}/metrics" | awk -v part=$part '/^process_resident/ { printf "%s %d MiB\n", part, $2 / 1048576 }'
done
kill -TERM "${pids[@]}"
wait
trap - EXIT
