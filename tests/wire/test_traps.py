"""Traps of the WebSocket library, provoked from a socket. The suite's daemon runs under AddressSanitizer: what
matters is that it answers sensibly, ends what must end, and lives."""
import os
import resource
import signal
import socket
import time
import unittest

from kefud import Closed, Daemon, frame, handshake, wait_for

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


def post(body=b'{"text":"hi"}', extra=b"", path=b"/message", length=None):
    n = len(body) if length is None else length
    return (b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + extra +
            b"Content-Length: " + str(n).encode() + b"\r\n\r\n" + body)


class Traps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(options=["--rate", "100000", "--connections-per-ip", "1000"]).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def tearDown(self):
        self.assertEqual(self.daemon.http("GET", "/healthz")[0], 200)

    def exchange(self, data, limit=200_000):
        raw = self.daemon.raw(timeout=15)
        try:
            raw.send(data)
            raw.socket.shutdown(socket.SHUT_WR)
            answer = raw.read_all(limit)
        except OSError:
            answer = b""
        finally:
            raw.close()
        self.assertLess(len(answer), limit, "an endless answer")
        return answer

    # ---- pipelined POST: endless responses, use after free ----

    def test_pipelined_posts_are_not_answered_for_ever(self):
        for data in (GET + post(), post() + post(), post() + GET, post() * 20, GET + post() + GET + post(),
                     GET * 5 + post(b"x" * 5000)):
            with self.subTest(n=len(data)):
                self.assertLessEqual(self.exchange(data).count(b"HTTP/1."), 22)

    def test_pipelined_gets_are_answered_each(self):
        raw = self.daemon.raw()
        raw.send(GET * 3)
        for _ in range(3):
            self.assertIn(b" 200 ", raw.read_until(b"\r\n\r\n"))
            raw.read_until(b"}")
        raw.close()

    def test_a_post_may_come_in_pieces_and_is_closed_after(self):
        raw = self.daemon.raw()
        data = post(b'{"text":"\xe4\xbd\xa0\xe5\xa5\xbd"}')
        for i in range(0, len(data), 7):
            raw.send(data[i:i + 7])
        answer = raw.read_all()
        self.assertIn(b" 200 ", answer)
        self.assertIn(b'"hello"', answer)

    def test_a_get_with_a_body_is_refused(self):
        answer = self.exchange(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
        self.assertTrue(answer == b"" or b" 400 " in answer, answer)

    def test_a_post_without_length_or_chunked_is_refused(self):
        for head in (b"POST /message HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"POST /message HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"):
            answer = self.exchange(head)
            self.assertTrue(answer == b"" or b" 411 " in answer or b" 400 " in answer, answer)

    def test_absurd_lengths_are_refused(self):
        for n in ("-5", "99999999999999999999999", "18446744073709551617", "1e3", "0x10", "100000000"):
            with self.subTest(n=n):
                answer = self.exchange(b"POST /message HTTP/1.1\r\nHost: x\r\nContent-Length: " + n.encode() +
                                       b"\r\n\r\nhello")
                self.assertTrue(answer == b"" or answer[9:10] == b"4", answer[:80])

    def test_a_body_shorter_than_said_waits_and_ends(self):
        raw = self.daemon.raw(timeout=60)
        raw.send(post(b"short", length=500))
        self.assertNotIn(b" 200 ", raw.read_all())

    def test_a_dripping_body_meets_its_deadline(self):
        raw = self.daemon.raw(timeout=60)
        raw.send(post(b"", length=1000))
        began, ended = time.monotonic(), False
        try:
            while time.monotonic() - began < 60:
                raw.send(b"x")
                time.sleep(0.3)
        except OSError:
            ended = True
        self.assertTrue(ended)

    def test_a_silent_connection_is_closed(self):
        raw = self.daemon.raw(timeout=60)
        self.assertNotIn(b" 200 ", raw.read_all())

    def test_dripping_headers_are_cut(self):
        raw = self.daemon.raw(timeout=60)
        ended = False
        try:
            for b in (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 1000):
                raw.send(bytes([b]))
                time.sleep(0.1)
        except OSError:
            ended = True
        self.assertTrue(ended)

    # ---- headers ----

    def test_oversized_and_broken_requests_do_no_harm(self):
        for data in (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + b"b" * 20000 + b"\r\n\r\n",
                     b"GET /?" + b"&".join(b"a%d=b" % i for i in range(400)) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n\r\n", b"\x00" * 100, b"GARBAGE\r\n\r\n",
                     b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00",
                     b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", b"get / http/1.1\r\nhost: x\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
                     b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"):
            with self.subTest(data=data[:30]):
                self.exchange(data)

    def test_http_1_1_without_host_is_a_400(self):
        self.assertIn(b" 400 ", self.exchange(b"GET /healthz HTTP/1.1\r\n\r\n"))

    # ---- upgrades ----

    def upgrade(self, request):
        raw = self.daemon.raw(timeout=15)
        try:
            raw.send(request)
            return raw.read_until(b"\r\n\r\n")
        except (Closed, ConnectionResetError):
            return b""
        finally:
            raw.close()

    def test_an_unknown_upgrade_is_refused(self):
        for value in ("h2c", "mqtt", "websocket2", "", "WebSocket, h2c"):
            with self.subTest(value=value):
                request = handshake(self.daemon.port).replace(b"Upgrade: websocket", b"Upgrade: " + value.encode())
                self.assertNotIn(b" 101 ", self.upgrade(request))

    def test_an_unknown_upgrade_behind_another_request_is_refused(self):
        """The library answers 403, gives its table of headers back, and asks all the same."""
        for value in (b"foo", b"h2c", b"websocket2"):
            with self.subTest(value=value):
                raw = self.daemon.raw(timeout=15)
                raw.send(GET)
                raw.read_until(b"}")
                raw.send(handshake(self.daemon.port).replace(b"Upgrade: websocket", b"Upgrade: " + value))
                self.assertNotIn(b" 101 ", raw.read_all())
                raw.close()

    def test_upgrade_needs_get_host_and_version_13(self):
        good = handshake(self.daemon.port)
        self.assertIn(b" 101 ", self.upgrade(good))
        self.assertNotIn(b" 101 ", self.upgrade(good.replace(b"GET ", b"POST ", 1)))
        self.assertNotIn(b" 101 ", self.upgrade(b"\r\n".join(l for l in good.split(b"\r\n") if not l.startswith(b"Host"))))
        for version in ("12", "8", "14", "x", None):
            with self.subTest(version=version):
                self.assertNotIn(b" 101 ", self.upgrade(handshake(self.daemon.port, version=version)))

    def test_upgrade_elsewhere_is_refused(self):
        for path in ("/", "/wsx", "/message", "/ws/../ws2"):
            self.assertNotIn(b" 101 ", self.upgrade(handshake(self.daemon.port, path=path)))

    def test_other_subprotocols_are_refused(self):
        self.assertNotIn(b" 101 ", self.upgrade(handshake(self.daemon.port, protocol="chat")))
        for long in ("k" * 60, "k" * 200, ",".join(["a"] * 100)):
            self.upgrade(handshake(self.daemon.port, protocol=long))
        self.assertIn(b" 101 ", self.upgrade(handshake(self.daemon.port, protocol="other, kefu.v1")))

    def test_long_extension_headers_do_no_harm(self):
        for n in (200, 255, 256, 300, 1000, 3000):
            self.upgrade(handshake(self.daemon.port, extra=["Sec-WebSocket-Extensions: " + "x" * n]))

    def test_compression_is_not_negotiated(self):
        answer = self.upgrade(handshake(self.daemon.port, extra=["Sec-WebSocket-Extensions: permessage-deflate"]))
        self.assertIn(b" 101 ", answer)
        self.assertNotIn(b"deflate", answer.lower())

    def test_foreign_origins_are_refused(self):
        port = self.daemon.port
        self.assertIn(b" 101 ", self.upgrade(handshake(port, origin=f"http://127.0.0.1:{port}")))
        for origin in ("http://evil.example", "null", "https://127.0.0.1.evil.example", "x" * 1000):
            with self.subTest(origin=origin[:40]):
                answer = self.upgrade(handshake(port, origin=origin))
                self.assertNotIn(b" 101 ", answer)

    def test_upgrade_after_http_on_one_connection_works(self):
        raw = self.daemon.raw()
        raw.send(GET)
        raw.read_until(b"}")
        raw.send(handshake(self.daemon.port))
        self.assertIn(b" 101 ", raw.read_until(b"\r\n\r\n"))
        raw.send(frame(b'{"type":"message","id":"a","text":"\xe4\xbd\xa0\xe5\xa5\xbd"}'))
        self.assertTrue(raw.read(2))
        raw.close()

    def test_frames_right_behind_the_handshake_are_read(self):
        raw = self.daemon.raw()
        raw.send(handshake(self.daemon.port) + frame(b'{"type":"message","id":"a","text":"hello"}') * 3)
        self.assertIn(b" 101 ", raw.read_until(b"\r\n\r\n"))
        raw.read_until(b'"reply"')
        raw.close()

    # ---- churn ----

    def test_resets_at_every_stage_do_no_harm(self):
        whole = handshake(self.daemon.port) + frame(b'{"type":"message","id":"a","text":"hello"}')
        for i in range(0, len(whole), 9):
            raw = self.daemon.raw()
            raw.send(whole[:i])
            raw.reset()
        for i in range(40):
            raw = self.daemon.raw()
            raw.send(whole * 1 + frame(b"{}") * 20)
            raw.reset()

    def test_closed_connections_are_counted_off(self):
        opened = [self.daemon.ws() for _ in range(30)]
        self.assertGreaterEqual(self.daemon.metric("kefu_websockets"), 30)
        for i, ws in enumerate(opened):
            ws.reset() if i % 2 else ws.close()
        self.assertTrue(wait_for(lambda: self.daemon.metric("kefu_websockets") == 0))


class FewFiles(unittest.TestCase):
    def test_running_out_of_file_descriptors_is_survived(self):
        with Daemon(options=["--connections", "500", "--connections-per-ip", "500"],
                    rlimit={resource.RLIMIT_NOFILE: 64}) as d:
            held = []
            try:
                for _ in range(120):
                    held.append(socket.create_connection(("127.0.0.1", d.port), timeout=5))
            except OSError:
                pass
            with open(f"/proc/{d.process.pid}/stat", encoding="utf-8") as f:
                before = f.read().split()
            time.sleep(1)
            with open(f"/proc/{d.process.pid}/stat", encoding="utf-8") as f:
                after = f.read().split()
            ticks = sum(int(after[i]) - int(before[i]) for i in (13, 14))
            self.assertLess(ticks, os.sysconf("SC_CLK_TCK") * 0.8, "the listener spins")
            self.assertLess(os.path.getsize(d.log), 1 << 20, "the log floods")
            for s in held:
                s.close()
            self.assertTrue(wait_for(lambda: self.well(d), 60))

    @staticmethod
    def well(d):
        try:
            return d.http("GET", "/healthz", timeout=2)[0] == 200
        except OSError:
            return False


class Stop(unittest.TestCase):
    def test_sigterm_drains_and_closes_with_1001(self):
        d = Daemon().start()
        ws = d.ws()
        ws.hello()
        for i in range(20):
            ws.send_json({"type": "message", "id": f"m{i}", "text": "你好"})
        ws.reply("m0")
        d.process.send_signal(signal.SIGTERM)
        self.assertEqual(ws.closed(), 1001)
        d.__exit__(None, None, None)

    def test_sigint_stops_too_and_new_connections_are_refused(self):
        d = Daemon().start()
        d.process.send_signal(signal.SIGINT)
        self.assertEqual(d.process.wait(30), 0)
        with self.assertRaises(OSError):
            d.raw(timeout=2)
        d.__exit__(None, None, None)

    def test_both_loops_work(self):
        for loop in ("poll", "ev"):
            with self.subTest(loop=loop), Daemon(options=["--loop", loop]) as d:
                ws = d.ws()
                self.assertEqual(ws.ask("你好")["intent"], "hello")
                self.assertEqual(d.http("GET", "/healthz")[0], 200)
                ws.close()


if __name__ == "__main__":
    unittest.main()
