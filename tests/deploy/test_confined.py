"""A real server under what the unit forbids, as far as that can be had without systemd as the first
process: read-only root, one folder to write, no network but loopback, no privileges."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bundled import EXPORTED
from tests.conftest import ROOT
from tests.deploy.proxies import program
from tests.first_corpus import lasting_corpus
from tests.pages import leaflet

pytestmark = pytest.mark.nightly

SCRIPT = r"""
set -eu
state=$1 root=$2 account=$3
ip link set lo up
mount --bind "$state" "$state"
mount -o remount,ro,bind /
confined() {
    exec setpriv --reuid $account --regid $account --clear-groups \
        --bounding-set -all --inh-caps -all \
        "$PYTHON" "$root/tests/deploy/confined.py" "$root/deploy/quotewell.service" "$@"
}
cd "$state"
! (confined touch "$root/written") 2>/dev/null
(confined "$PYTHON" -m qa build)
confined "$PYTHON" -m qa serve --port 7860 >"$state/said" 2>&1 &
server=$!
trap 'kill -KILL $server 2>/dev/null || true' EXIT
"$PYTHON" - "$state" <<'END'
import html, json, re, sys, time
from pathlib import Path
from urllib.request import Request, urlopen
site = "http://127.0.0.1:7860"
for _ in range(240):
    if "ready at" in (Path(sys.argv[1]) / "said").read_text():
        break
    time.sleep(0.5)
def ask(question):
    body = json.dumps({"question": question}).encode()
    asked = Request(site + "/api/ask", body, {"Content-Type": "application/json"})
    return json.load(urlopen(asked, timeout=60))
print("answer:", ask("Can I drive home after a treatment?")["quotes"][0]["text"])
page = html.unescape(urlopen(site + "/documents/eye.pdf", timeout=60).read().decode())
picture = re.search(r'src="(/pages/[^"]+)"', page)[1]
print("picture:", urlopen(site + picture, timeout=60).read()[1:4].decode())
print("page:", urlopen(site + "/", timeout=60).status)
END
grep -E "^(Uid|CapBnd|NoNewPrivs|Seccomp):" /proc/$server/status
kill -TERM $server
began=$(date +%s)
wait $server || true
echo "stopped after: $(( $(date +%s) - began ))"
cat "$state/said"
"""


def test_the_server_works_under_what_the_unit_forbids(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("Only root may make namespaces and give up an account.")
    for name in ("unshare", "setpriv", "ip", "systemd-analyze"):
        program(name)
    # A Python within root's own folder can be run by nobody else: then by root, without powers.
    open_to_all = all(one.stat().st_mode & 1 for one in Path(sys.executable).resolve().parents)
    account = 65534 if open_to_all else 0
    state = tmp_path / "state"
    lasting_corpus(state / "corpus")
    (state / "corpus" / "eye.pdf").write_bytes(leaflet())
    shutil.copy(ROOT / "qa.toml", state)
    (state / "temporary").mkdir()
    for path in (state, *state.rglob("*")):
        os.chown(path, account, account)
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(state),
        "TMPDIR": str(state / "temporary"),
        "MPLCONFIGDIR": str(state / "temporary"),
        "QA_EMBEDDING__MODELS": str(EXPORTED),
    }
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", SCRIPT, "sh",
         str(state), str(ROOT), str(account)],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Do not drive until the next day" in said
    assert "picture: PNG" in said
    assert "page: 200" in said
    assert f"Uid:\t{account}\t" in said
    assert "CapBnd:\t0000000000000000" in said
    assert "NoNewPrivs:\t1" in said
    assert "Seccomp:\t2" in said
    assert int(said.rpartition("stopped after: ")[2].split()[0]) < 10
    assert "Traceback" not in said
