#!/bin/sh
# Builds the image and runs it as deploy/compose.yaml would, on a machine without a container daemon:
# as number 10001, on a read-only root, without capabilities, with no network but its own loopback.
# `make image-check` runs this. It needs root and Debian's buildah, debootstrap, iproute2.
#
#   BASE     an image to start from in place of one that debootstrap makes
#   BUILD    further words for `buildah bud`, such as -v mounts for packages on this machine
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
image=localhost/quotewell:check
container=
clean() {
    [ -z "$container" ] || buildah rm "$container" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap clean EXIT

if [ -z "${BASE:-}" ]; then
    BASE=localhost/quotewell-base:bookworm
    if ! buildah images --quiet "$BASE" >/dev/null 2>&1; then
        debootstrap --variant=minbase --include=ca-certificates bookworm "$work/base" >/dev/null
        empty=$(buildah from scratch)
        buildah add --quiet "$empty" "$work/base" / >/dev/null
        buildah commit --quiet "$empty" "$BASE" >/dev/null
        buildah rm "$empty" >/dev/null
        rm -rf "$work/base"
    fi
fi
# shellcheck disable=SC2086
buildah bud --isolation chroot --layers --pull-never --build-arg BASE="$BASE" ${BUILD:-} -t "$image" .

container=$(buildah from --pull-never "$image")
root=$(buildah mount "$container")
echo "site-packages: $(du -sm "$root"/opt/quotewell/venv/lib/python3*/site-packages | cut -f1) MB," \
    "models: $(du -sm "$root"/opt/quotewell/models | cut -f1) MB," \
    "whole root: $(du -smx "$root" | cut -f1) MB"
for one in corpus index records; do mkdir -p "$work/$one"; done
cp corpus/*.md "$work/corpus/"
chown -R 10001:10001 "$work/corpus" "$work/index" "$work/records"
buildah inspect --format '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' "$container" >"$work/env"
cp deploy/run_image.sh "$work/run.sh"
unshare --mount --net --pid --ipc --uts --fork --propagation private \
    sh "$work/run.sh" "$root" "$work"
