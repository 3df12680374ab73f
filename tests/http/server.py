#!/usr/bin/env python3
"""A server that does what it is told, for the tests of the HTTP client.

    server.py LOG [--tls PEM | --proxy] STEP...

Takes a free port of 127.0.0.1, prints it, and ends with its standard input. Each request is written to LOG as it came,
followed by a line of `====`, before the next STEP is done for it: an answer, sent as it stands with {port} replaced, or
one of FAULTS. With --proxy it is a proxy that lets everything through; STEPs other than `through` are done in its place.
"""
import os
import socket
import struct
import sys
import threading
import time

lock = threading.Lock()
OK = b"HTTP/1.1 200 OK\r\n"


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # The socket below TLS; a TLS one would say goodbye first.
    os.close(connection.detach())


def forever(connection, first, again, pause=0.0):
    connection.sendall(first)
    while True:
        connection.sendall(again)
        time.sleep(pause)


FAULTS = {
    "!reset": reset,
    "!close": lambda connection: connection.close(),
    "!silence": lambda connection: time.sleep(60),
    "!drip": lambda connection: forever(connection, OK + b"Content-Length: 100000\r\n\r\n", b"x", 0.02),
    "!drip-head": lambda connection: forever(connection, OK + b"X: ", b"x", 0.02),
    "!endless-head": lambda connection: forever(connection, OK, b"X: %s\r\n" % (b"x" * 1000)),
    "!endless-line": lambda connection: forever(connection, OK + b"X: ", b"x" * 1000),
    "!endless-interim": lambda connection: forever(connection, b"", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"),
    "!endless-body": lambda connection: forever(connection, OK + b"\r\n", b"x" * 1000),
    "!bomb": lambda connection: bomb(connection, b"Content-Encoding"),
    "!transfer-bomb": lambda connection: bomb(connection, b"Transfer-Encoding"),
}


def bomb(connection, header):
    import gzip  # here, because most servers are started without need for it

    body = gzip.compress(b"[" + b" " * (50 << 20) + b"]")
    connection.sendall(OK + header + b": gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


class Server:
    def __init__(self, log, context, proxy, steps):
        self.log, self.context, self.proxy, self.steps = log, context, proxy, steps
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def next_step(self):
        with lock:
            return self.steps.pop(0) if self.steps else "HTTP/1.1 500 Unexpected\r\nContent-Length: 0\r\n\r\n"

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            with lock:
                early = self.steps and self.steps[0] == "!reset-early" and self.steps.pop(0)
            if early:
                reset(connection)
            else:
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            while self.answer(connection):
                pass
        except OSError:
            pass  # the client went away, which some tests are about

    def answer(self, connection):
        """Reads one request and does one step; whether another may follow."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return False
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        while lengths and len(body) < int(lengths[0]):
            body += connection.recv(65536)
        with lock, open(self.log, "ab") as log:
            log.write(head.replace(b"\r\n", b"\n") + b"\n\n" + body + b"\n====\n")
        step = self.next_step() if not self.proxy or self.steps else "through"
        if step == "through":
            return self.forward(connection, head, body)
        if step in FAULTS:
            FAULTS[step](connection)
            return False
        connection.sendall(step.replace("{port}", str(self.port)).encode())
        if "connection: close" in step.lower():
            connection.close()
            return False
        return True

    def forward(self, connection, head, body):
        method, target, _ = head.split(b" ", 2)
        place = target if method == b"CONNECT" else target.split(b"/")[2]
        # Names of the test's own making lead here too.
        other = socket.create_connection(("127.0.0.1", int(place.rsplit(b":", 1)[1])))
        if method == b"CONNECT":
            connection.sendall(b"HTTP/1.1 200 Connected\r\nX-Of-The-Proxy: yes\r\n\r\n")
        else:
            other.sendall(head.replace(b"http://" + place, b"", 1) + b"\r\n\r\n" + body)
        threading.Thread(target=self.copy, args=(connection, other), daemon=True).start()
        self.copy(other, connection)
        return False

    @staticmethod
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def main():
    log, *rest = sys.argv[1:]
    context = None
    if rest[:1] == ["--tls"]:
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(rest[1])
        rest = rest[2:]
    proxy = rest[:1] == ["--proxy"]
    server = Server(log, context, proxy, rest[1:] if proxy else rest)
    print(server.port, flush=True)
    threading.Thread(target=server.run, daemon=True).start()
    sys.stdin.read()


main()
