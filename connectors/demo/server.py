"""A small HTTP server on loopback that serves the demonstration's files under the sources' own paths."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {".json": "application/json", ".csv": "text/csv", ".zip": "application/zip", ".xml": "application/xml", ".html": "text/html; charset=utf-8", ".txt": "text/plain"}


def stored_name(path: str, query: str) -> str:
    """Where a request's answer is kept below the folder: path, with the query behind an @."""
    return unquote(path).lstrip("/") + (f"@{unquote(query)}" if query else "")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder for the time of the block; gives the address, http://127.0.0.1:<port>."""
    root = folder.resolve()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet: no waiting for delayed acknowledgements
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            for name in (stored_name(parts.path, parts.query), stored_name(parts.path, "")):
                path = (root / name).resolve()
                if path.is_file() and root in path.parents:
                    self._send(path)
                    return
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, path: Path) -> None:
            content = path.read_bytes()
            if b"{{origin}}" in content[:2_000_000]:
                content = content.replace(b"{{origin}}", f"http://127.0.0.1:{self.server.server_port}".encode())  # type: ignore[attr-defined]
            tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
            unchanged = self.headers.get("If-None-Match") == tag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", TYPES.get(path.suffix, "application/octet-stream"))
            self.send_header("Content-Length", "0" if unchanged else str(len(content)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
