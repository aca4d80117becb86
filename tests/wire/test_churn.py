"""Thousands of connections that speak half-sensible HTTP and WebSocket, pipelined, cut and reset, in both event
loops. The seeds are fixed. Nothing is expected of the answers but that they end; the daemon runs under
AddressSanitizer, counts every connection off again, and serves on."""
import random
import socket
import struct
import unittest

from kefud import Daemon, frame, wait_for

ANSWER_MAX = 2_000_000
ROUNDS = 1500


def head(*lines):
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Speaker:
    """One stream of random requests and frames."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def sometimes(self, share, *lines):
        return lines if self.r.random() < share else ()

    def get(self):
        method = self.r.choice(["GET", "GET", "HEAD", "OPTIONS", "DELETE", "PUT"])
        path = self.r.choice(["/", "/healthz", "/metrics", "/widget.js", "/nope", "/recommend?user_id=1", "/ws", "/message"])
        return head(f"{method} {path} HTTP/1.{self.r.choice('110')}", *self.sometimes(0.95, "Host: x"),
                    *self.sometimes(0.3, "Connection: " + self.r.choice(["close", "keep-alive", "Upgrade"])),
                    *self.sometimes(0.1, f"Content-Length: {self.r.choice([0, 1, 5, -1])}"))

    def post(self):
        event = b'{"user":"u","course":"c","type":"view"}\n'
        body = self.r.choice([b'{"text":"refund"}', b"x", b"", event, event * 50])
        n = self.r.choice([len(body)] * 6 + [len(body) + 20, max(0, len(body) - 1), "", "abc", 10 ** 9])
        path = self.r.choice(["/message", "/events", "/", "/nope", "/healthz"])
        return head(f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {n}",
                    *self.sometimes(0.1, "Transfer-Encoding: chunked")) + body

    def upgrade(self):
        return head(f"{self.r.choice(['GET'] * 8 + ['POST'])} {self.r.choice(['/ws'] * 5 + ['/', '/wsx'])} HTTP/1.1",
                    *self.sometimes(0.9, "Host: x"),
                    f"Upgrade: {self.r.choice(['websocket'] * 6 + ['h2c', 'foo', ''])}", "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    f"Sec-WebSocket-Version: {self.r.choice(['13'] * 6 + ['8'])}",
                    *self.sometimes(0.5, f"Sec-WebSocket-Protocol: {self.r.choice(['kefu.v1', 'a, kefu.v1', 'b'])}"),
                    *self.sometimes(0.1, "HTTP2-Settings: AAA"))

    def frame(self):
        text = self.r.choice([b'{"type":"message","id":"%d","text":"refund"}' % self.r.randint(0, 5), b'{"type":"hello"}',
                              b'{"type":"hello","session":"%032x","since":3}' % self.r.getrandbits(128),
                              b'{"type":"event","id":"e","name":"view","course":"c"}', b'{"type":"end"}', b"x",
                              self.r.randbytes(20), b"a" * 200, b"a" * 9000])
        opcode = self.r.choice([1] * 10 + [0, 2, 8, 9, 10, 3])
        return frame(text, opcode=opcode, fin=self.r.random() < 0.85, masked=self.r.random() < 0.95,
                     rsv=4 if self.r.random() < 0.05 else 0)

    def stream(self):
        kind = self.r.random()
        if kind < 0.35:
            return b"".join(self.r.choice([self.get, self.get, self.post])() for _ in range(self.r.randint(1, 6)))
        if kind < 0.9:
            before = b"".join(self.get() for _ in range(self.r.choice([0, 0, 1, 2])))
            return before + self.upgrade() + b"".join(self.frame() for _ in range(self.r.randint(0, 12)))
        data = bytearray(self.upgrade() + self.frame() + self.post())
        for _ in range(self.r.randint(1, 5)):
            data[self.r.randrange(len(data))] = self.r.randrange(256)
        return bytes(data)

    def send(self, s, data):
        if self.r.random() < 0.7:
            s.sendall(data)
            return
        while data:
            n = self.r.randint(1, 400)
            s.sendall(data[:n])
            data = data[n:]

    def leave(self, s):
        """By a reset, after some of the answer, or in the middle. Returns the bytes read."""
        how, got = self.r.random(), 0
        if how < 0.4:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif how < 0.9:
            if how < 0.7:
                s.shutdown(socket.SHUT_WR)
            s.settimeout(0.1 if how < 0.7 else 0.02)
            while got < ANSWER_MAX:
                n = len(s.recv(65536))
                if not n:
                    break
                got += n
        return got


class Churn(unittest.TestCase):
    def churn(self, loop, seed):
        with Daemon(options=["--loop", loop, "--connections-per-ip", "2000", "--rate", "1000"]) as d:
            speaker = Speaker(seed)
            for _ in range(ROUNDS):
                try:
                    with socket.create_connection(("127.0.0.1", d.port), timeout=5) as s:
                        speaker.send(s, speaker.stream())
                        self.assertLess(speaker.leave(s), ANSWER_MAX, "an endless answer")
                except OSError:
                    self.assertIsNone(d.process.poll(), d.log_text()[-3000:])
            self.assertTrue(wait_for(lambda: d.metric("kefu_connections") <= 1, 60))
            self.assertEqual(d.metric("kefu_websockets"), 0)
            self.assertEqual(d.ws().ask("你好")["intent"], "hello")

    def test_poll(self):
        self.churn("poll", 1)

    def test_libev(self):
        self.churn("ev", 2)


if __name__ == "__main__":
    unittest.main()
