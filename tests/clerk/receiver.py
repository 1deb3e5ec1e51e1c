"""A receiver of webhooks, a process of its own: writes down what comes, and answers what it is told to.

python -m tests.clerk.receiver FOLDER       prints its port; FOLDER/answer holds the number that it answers,
                                            FOLDER/words what it says besides
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Receiver(BaseHTTPRequestHandler):
    folder = Path()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        with (self.folder / "came").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"head": dict(self.headers), "body": body.decode()}) + "\n")
        answer = self.folder / "answer"
        status = int(answer.read_text()) if answer.exists() else 204
        self.send_response(status)
        if status in {301, 302, 307}:
            self.send_header("location", f"http://{self.headers['host']}/elsewhere")
        words = self.folder / "words"
        said = words.read_bytes() if words.exists() else b""
        if said:
            self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


if __name__ == "__main__":
    Receiver.folder = Path(sys.argv[1])
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
