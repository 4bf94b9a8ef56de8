"""Runs the Python programs of docs/api.md against a running service, and fails if one of them does.

    WEBHOOK_ALLOW_HTTP=on OUTBOUND_ALLOW=127.0.0.1 npm start        # in another terminal
    python3 tools/check-python-snippets.py http://127.0.0.1:8080    # needs the package requests
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

root = Path(__file__).resolve().parent.parent
api = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"


def post(path, data=None, headers={}):
    request = urllib.request.Request(api + path, data=data or b"", headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


page = (root / "docs/api.md").read_text()
programs = {
    re.match(r"# (\S+)", code).group(1): code.replace("http://127.0.0.1:8080", api)
    for code in re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
}
assert set(programs) == {"paint.py", "receiver.py"}, sorted(programs)

with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    for name, code in programs.items():
        Path(folder, name).write_text(code)
    Path(folder, "assets").symlink_to(root / "assets")

    painted = subprocess.run([sys.executable, "paint.py"], cwd=folder, check=True, capture_output=True, text=True)
    assert re.match(r"job_\S+ seed \d+", painted.stdout), painted.stdout
    assert Path(folder, "strawberry-0.png").read_bytes()[1:4] == b"PNG"
    print("paint.py:", painted.stdout.strip())

    env = {**os.environ, "WEBHOOK_SECRET": post("/v1/webhook-secret/rotate")["secret"], "PORT": str(port)}
    receiver = subprocess.Popen([sys.executable, "receiver.py"], cwd=folder, env=env, stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(1)
        url = f"http://127.0.0.1:{port}/"
        picture = (root / "assets/samples/strawberry-sketch.png").read_bytes()
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"prompt": "a strawberry", "steps": 2, "webhook_url": url}.items()
        )
        body = parts.encode() + b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        job = post("/v1/img2img", body + picture + b"\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"})
        line = receiver.stdout.readline().strip()
        assert line == f"job.succeeded {job['id']}", line
        print("receiver.py:", line)
    finally:
        receiver.kill()
