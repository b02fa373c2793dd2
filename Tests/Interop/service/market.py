"""What stands between a person and the companies: a feed on a stock web server, and whoever carries it to them."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import requests


class WebServer:
    """Python's own web server, for a folder."""

    def __init__(self, folder: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().split("(")[1].split(")")[0]

    def stop(self):
        self.process.kill()
        self.process.wait()


def carried(feed: str, *services) -> list:
    """Hands every file a feed names to every service; what each of them said, by service."""
    listed = requests.get(feed, timeout=20).json()
    places = [item["attachments"][0]["url"] for item in listed["items"]]
    places += [gone["url"] for gone in listed.get("_vrm", {}).get("withdrawn", [])]
    # In one line each, whatever white space a file has.
    files = [json.dumps(requests.get(urljoin(feed, place), timeout=20).json(), separators=(",", ":")) for place in places]
    answers = [service.post("/intents/batch", "\n".join(files).encode()) for service in services]
    return [[json.loads(line) for line in answer.text.splitlines()] for answer in answers]
