"""Behind a reverse proxy: limits count the client that X-Forwarded-For names, and only a proxy is believed."""
import json
import unittest

from kefud import Daemon, handshake, wait_for


def upgrade(d, client):
    raw = d.raw()
    raw.send(handshake(d.port, extra=[f"X-Forwarded-For: {client}"]))
    return raw, int(raw.read_until(b"\r\n\r\n").split()[1])


class Proxies(unittest.TestCase):
    def test_each_client_behind_a_proxy_has_its_own_share(self):
        with Daemon(options=["--proxies", "127.0.0.1", "--connections-per-ip", "2"]) as d:
            held = []
            for client in ("203.0.113.1", "203.0.113.2", "9.9.9.9, 203.0.113.3", "2001:db8::1"):
                for _ in range(2):
                    raw, status = upgrade(d, client)
                    self.assertEqual(status, 101, client)
                    held.append(raw)
            for client in ("203.0.113.1", "1.1.1.1, 203.0.113.2", "203.0.113.3:4711", "2001:db8::ffff"):
                raw, status = upgrade(d, client)
                self.assertEqual(status, 503, client)
                raw.close()
            held.pop(0).close()
            self.assertTrue(wait_for(lambda: upgrade(d, "203.0.113.1")[1] == 101))
            for raw in held:
                raw.close()

    def test_requests_of_several_clients_may_share_a_connection(self):
        with Daemon(options=["--proxies", "127.0.0.1", "--connections-per-ip", "1"]) as d:
            raw = d.raw()
            for client in ("203.0.113.1", "203.0.113.2", "203.0.113.1"):
                raw.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + client.encode() + b"\r\n\r\n")
                self.assertIn(b" 200 ", raw.read_until(b"\r\n\r\n"))
                raw.read_until(b"}\n")
            self.assertEqual(d.http("GET", "/healthz", headers={"X-Forwarded-For": "203.0.113.1"})[0], 503)
            self.assertEqual(d.http("GET", "/healthz", headers={"X-Forwarded-For": "203.0.113.2"})[0], 200)
            raw.close()

    def test_a_client_that_is_no_proxy_is_not_believed(self):
        with Daemon(options=["--connections-per-ip", "2"]) as d:
            held = [upgrade(d, f"203.0.113.{i}")[0] for i in range(2)]
            self.assertEqual(d.raw().read_all().split()[1], b"503")
            for raw in held:
                raw.close()


class Connection(unittest.TestCase):
    def test_one_connection_is_not_given_sessions_without_end(self):
        with Daemon(options=["--rate", "100000"]) as d:
            ws = d.ws()
            for i in range(30):
                ws.send_json({"type": "hello", "session": f"{i:032x}"})
            codes = []
            while codes.count("busy") < 3:
                f = ws.receive()
                codes += [f["code"]] if f["type"] == "error" else []
            self.assertLess(d.metric("kefu_sessions"), 20)
            self.assertEqual(d.json("POST", "/message", json.dumps({"text": "你好"}))[0], 200)
            ws.close()


if __name__ == "__main__":
    unittest.main()
