#!/usr/bin/env bash
# The steps of deploy/Dockerfile without an engine: install, build and prune in a clean folder, then
# start as a user who may write nothing, and ask it, as the image's health check and Prometheus do.
# Usage: test/deploy/try-image.sh FOLDER
# FOLDER must not exist; the user `nobody` must be able to enter the folder that it is in.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
app=$1
mkdir "$app"
cd "$root"
# What .dockerignore leaves, as committed or about to be.
git ls-files -z --cached --others --exclude-standard package.json package-lock.json .npmrc tsconfig.json schema .build src \
  | xargs -0 cp --parents -t "$app"
cd "$app"
grep -oP '^RUN \K.*' "$root/deploy/Dockerfile" | while read -r step; do
  echo "step: $step"
  bash -c "$step"
done
rm -rf src .build
chmod -R a-w,a+rX .

free_port() { node -e 'const s = require("node:net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })'; }
# The words of a line of the Dockerfile, one a line: ENTRYPOINT, or CMD of the health check.
words_of() { node -e '
  const text = require("node:fs").readFileSync(process.argv[1], "utf8");
  console.log(JSON.parse(new RegExp(`^${process.argv[2]}(\\[.*)$`, "m").exec(text)[1]).join("\n"));' "$root/deploy/Dockerfile" "$1"; }
port=$(free_port)
metrics=$(free_port)
mapfile -t command < <(words_of 'ENTRYPOINT ')
mapfile -t health < <(words_of 'HEALTHCHECK .*CMD ')
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
[[ $(id -u) -eq 0 ]] || as_nobody=()
env -i PATH="$PATH" NODE_ENV=production HOST=127.0.0.1 INTERNAL_SECRET="a secret for a trial, thirty-two bytes" \
  PUBLIC_URL=https://calendar.example LECTURE_PORT="$port" DATABASE_URL="${DATABASE_URL:-}" CALENDAR_PORT="$port" FRESHNESS=none \
  METRICS_PORT="$metrics" OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9 \
  "${as_nobody[@]}" "${command[@]}" calendar & server=$!
trap 'kill -KILL $server 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  curl -fsS "http://127.0.0.1:$port/readyz" 2>/dev/null && break
  kill -0 $server
  sleep 0.1
done
HEALTH_PORT="$port" "${health[@]}"
curl -fsS "http://127.0.0.1:$metrics/metrics" | grep -q '^calendar_build_info'
kill -TERM $server
wait $server
trap - EXIT
echo
echo "image: started read-only, healthy, ended on SIGTERM, $(du -sm . | cut -f1) MB"
