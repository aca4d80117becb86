"""Who may use /metrics, /recommend, /message and /events: programs with the key, else those of this machine."""
import json
import socket
import unittest

from kefud import Daemon

EVENT = json.dumps({"user": "u", "course": "py101", "type": "view"})
CALLS = (("GET", "/metrics", None), ("GET", "/recommend?user_id=1", None), ("POST", "/message", '{"text":"你好"}'.encode()),
         ("POST", "/events", EVENT))


def address():
    """One of this machine's that is not 127.*; None when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return None
        return s.getsockname()[0]


class Keys(unittest.TestCase):
    def each(self, d, headers, status):
        for method, path, body in CALLS:
            with self.subTest(path=path, headers=headers):
                got, head, text = d.http(method, path, body, headers)
                self.assertEqual(got, status, text)
                if status == 401:
                    self.assertEqual(json.loads(text)["status"], 401)
                    self.assertTrue(head["www-authenticate"].startswith("Bearer"))

    def test_with_a_key_it_is_needed_from_everywhere(self):
        key = "s3cret-of-the-platform"
        with Daemon(options=["--api-key", key]) as d:
            for wrong in (None, "", key, f"bearer {key}", f"Bearer {key}x", f"Bearer {key[:-1]}", "Bearer ", f"Basic {key}"):
                self.each(d, {"Authorization": wrong} if wrong is not None else {}, 401)
            self.each(d, {"Authorization": f"Bearer {key}"}, 200)
            for path in ("/healthz", "/readyz", "/openapi.json", "/", "/widget.js", "/admin/"):
                self.assertEqual(d.http("GET", path)[0], 200)

    def test_without_a_key_this_machine_may(self):
        with Daemon() as d:
            self.each(d, {}, 200)

    def test_what_a_proxy_passes_on_is_not_this_machine(self):
        with Daemon() as d:
            for name, value in (("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-For", "127.0.0.1"), ("Via", "1.1 proxy"),
                                ("Forwarded", "for=203.0.113.7")):
                self.each(d, {name: value}, 401)
        with Daemon(options=["--proxies", "127.0.0.1"]) as d:
            self.each(d, {"X-Forwarded-For": "203.0.113.7"}, 401)
            self.each(d, {"X-Forwarded-For": "127.0.0.2"}, 200)

    def test_without_a_key_other_machines_may_not(self):
        host = address()
        if not host:
            self.skipTest("this machine has no address but 127.0.0.1")
        with Daemon(options=["--listen", "0.0.0.0:0"]) as d:
            with socket.create_connection((host, d.port), timeout=10) as s:
                s.sendall(f"GET /recommend?user_id=1 HTTP/1.1\r\nHost: {host}:{d.port}\r\n\r\n".encode())
                answer = s.recv(65536).decode()
            self.assertIn(" 401 ", answer.split("\r\n")[0])
            self.assertIn("api-key", answer)

    def test_pages_may_ask_what_they_may_send(self):
        with Daemon(options=["--api-key", "k", "--origins", "https://shop.example"]) as d:
            status, head, _ = d.http("OPTIONS", "/recommend", headers={
                "Origin": "https://shop.example", "Access-Control-Request-Headers": "authorization"})
            self.assertEqual(status, 204)
            self.assertIn("authorization", head["access-control-allow-headers"])

    def test_a_refused_body_is_not_read(self):
        with Daemon(options=["--api-key", "k"]) as d:
            raw = d.raw()
            raw.send(b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
            self.assertIn(b" 401 ", raw.read_all().split(b"\r\n")[0])
            raw.close()


if __name__ == "__main__":
    unittest.main()
