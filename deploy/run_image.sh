#!/bin/sh
# What deploy/check_image.sh runs in namespaces of its own: $1 is the image's root, $2 holds the
# folders corpus, index and records, and the image's variables in `env`.
set -eu
root=$1 work=$2
mount -t proc proc /proc
ip link set lo up
mount --bind "$root" "$root"
mount -t tmpfs -o size=256m,mode=1777,noexec,nosuid,nodev tmpfs "$root/tmp"
for one in corpus index records; do
    mount --bind "$work/$one" "$root/var/lib/quotewell/$one"
done
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for one in null zero urandom random; do
    touch "$root/dev/$one"
    mount --bind "/dev/$one" "$root/dev/$one"
done
ln -s /proc/self/fd "$root/dev/fd"
mount -o remount,ro,bind "$root"

# chroot needs a capability, so it goes first and setpriv of the image after it.
inside() {
    # shellcheck disable=SC2046
    exec chroot "$root" /usr/bin/setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs \
        --bounding-set -all --inh-caps -all \
        /usr/bin/env -i $(grep = "$work/env" | tr '\n' ' ') "$@"
}
(inside python3 -c '
import os
assert (os.getuid(), os.getgid(), os.getgroups()) == (10001, 10001, []), "it is not 10001"
try:
    open("/opt/quotewell/written", "w")
except OSError as error:
    print("the root:", error.strerror)
else:
    raise SystemExit("the root can be written")
import importlib.util as found
there = [n for n in ("torch", "transformers", "sentence_transformers", "onnx", "onnxscript", "pip")
         if found.find_spec(n)]
assert not there, there
')
(inside qa build)
(inside qa doctor --only installation)
inside qa serve --host 0.0.0.0 >"$work/said" 2>&1 &
server=$!
waited=0
until (inside python3 -c 'from urllib.request import urlopen as u; u("http://127.0.0.1:7860/health", timeout=4)') 2>/dev/null; do
    waited=$((waited + 1))
    [ $waited -lt 120 ] || { cat "$work/said"; exit 1; }
    sleep 1
done
(inside python3 -c '
import json
from urllib.request import Request, urlopen
body = json.dumps({"question": "Can I drive home after a treatment?"}).encode()
asked = Request("http://127.0.0.1:7860/api/ask", body, {"Content-Type": "application/json"})
answer = json.load(urlopen(asked, timeout=60))
print(answer["kind"], "-", answer["quotes"][0]["text"][:60].replace("\n", " "))
urlopen("http://127.0.0.1:7860/", timeout=30).read()
')
grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs)' "/proc/$server/status"
began=$(date +%s)
kill -TERM "$server"
wait "$server" || true
echo "stopped after $(($(date +%s) - began)) s; it said: $(cat "$work/said")"
