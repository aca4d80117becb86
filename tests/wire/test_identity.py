"""Learners' identities: who is believed, for how long, and what the others may do. Keys and signatures are openssl's."""
import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

from kefud import Daemon, Raw, handshake

SECRET = "a secret of the platform"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def openssl(*args, data=None):
    return subprocess.run(["openssl", *args], input=data, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


class Keys:
    """A folder with an RSA and an Ed25519 key, and what the daemon gets of them."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="kefu-identity-")
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.path("rsa"))
        openssl("genpkey", "-algorithm", "ed25519", "-out", self.path("ed"))
        with open(self.path("public.pem"), "wb") as public:
            for name in ("rsa", "ed"):
                public.write(openssl("pkey", "-in", self.path(name), "-pubout"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def sign(self, alg, message):
        if alg == "HS256":
            return hmac.new(SECRET.encode(), message, hashlib.sha256).digest()
        if alg == "RS256":
            return openssl("dgst", "-sha256", "-sign", self.path("rsa"), data=message)
        with tempfile.NamedTemporaryFile(dir=self.folder) as f:
            f.write(message)
            f.flush()
            return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.path("ed"), "-in", f.name)

    def jwt(self, user, alg="HS256", seconds=600, **claims):
        claims = {"sub": user, "exp": int(time.time()) + seconds, "aud": "kefu", **claims}
        body = b".".join(base64url(json.dumps(part).encode()) for part in ({"alg": alg}, claims))
        return (body + b"." + base64url(self.sign(alg, body))).decode()


class Case(unittest.TestCase):
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.keys = Keys()
        cls.daemon = Daemon(options=["--identity-key", SECRET, "--identity-audience", "kefu",
                                     "--identity-public-keys", cls.keys.path("public.pem"), *cls.options]).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)
        shutil.rmtree(cls.keys.folder)

    def refused(self, ws, **frame):
        ws.send_json(frame)
        self.assertEqual(ws.error()["code"], "bad_identity")

    def upgrade_status(self, *extra):
        raw = Raw(self.daemon.port)
        try:
            raw.send(handshake(self.daemon.port, extra=extra))
            return int(raw.read_until(b"\r\n").split()[1])
        finally:
            raw.close()


class Optional(Case):
    def test_each_algorithm_that_has_a_key_is_believed(self):
        for alg in ("HS256", "RS256", "EdDSA"):
            with self.subTest(alg=alg):
                user = f"buyer-{alg}"
                event = {"user": user, "course": "py101", "type": "purchase"}
                self.assertEqual(self.daemon.json("POST", "/events", json.dumps(event))[0], 200)
                ws = self.daemon.ws()
                ws.hello(identity=self.keys.jwt(user, alg), lang="zh")
                self.assertNotIn("py101", [c["id"] for c in ws.ask("推荐", "r")["courses"]])
                ws.close()

    def test_a_public_key_is_no_secret(self):
        """Signed with HMAC and the public key's own text: the old confusion of algorithms."""
        with open(self.keys.path("public.pem"), "rb") as f:
            public = f.read()
        head, claims, _ = self.keys.jwt("u1").split(".")
        mac = hmac.new(public, f"{head}.{claims}".encode(), hashlib.sha256).digest()
        ws = self.daemon.ws()
        self.refused(ws, type="hello", identity=f"{head}.{claims}.{base64url(mac).decode()}")
        ws.close()

    def test_somebody_elses_audience_is_refused(self):
        ws = self.daemon.ws()
        self.refused(ws, type="hello", identity=self.keys.jwt("u1", aud="shop"))
        ws.close()

    def test_a_program_may_say_it_in_the_upgrade(self):
        self.assertEqual(self.upgrade_status(f"Authorization: Bearer {self.keys.jwt('u1', 'RS256')}"), 101)
        self.assertEqual(self.upgrade_status(f"Authorization: Bearer {self.keys.jwt('u1', seconds=-600)}"), 401)
        self.assertEqual(self.upgrade_status("Authorization: Basic dTE6dTE="), 401)
        ws = self.daemon.ws(extra=[f"Authorization: Bearer {self.keys.jwt('buyer-up')}"])
        event = {"user": "buyer-up", "course": "py101", "type": "purchase"}
        self.assertEqual(self.daemon.json("POST", "/events", json.dumps(event))[0], 200)
        self.assertNotIn("py101", [c["id"] for c in ws.ask("推荐", "r")["courses"]])
        ws.close()

    def hello_for_seconds(self, ws):
        """Says hello with a proof that is good for a moment more (the leeway is a minute), a longer one where the machine
        is so slow that it has run out on its way. Returns the seconds."""
        for left in (2, 4, 8, 16):
            ws.send_json({"type": "hello", "identity": self.keys.jwt("u1", seconds=left - 60)})
            answer = ws.receive()
            if answer["type"] == "welcome":
                return left
            self.assertEqual(answer["code"], "bad_identity")
        self.fail(answer)

    def test_a_proof_that_has_run_out_is_asked_for_again(self):
        ws = self.daemon.ws()
        time.sleep(self.hello_for_seconds(ws) + 1.1)
        for frame in ({"type": "message", "id": "late", "text": "你好"},
                      {"type": "event", "id": "e", "name": "view", "course": "py101"},
                      {"type": "feedback", "id": "f", "seq": 1, "helpful": True}):
            self.refused(ws, **frame)
        ws.hello(identity=self.keys.jwt("u1"))
        self.assertEqual(ws.ask("你好", "late")["to"], "late")
        ws.close()

    def test_after_a_restart_it_is_asked_for_again(self):
        with Daemon(options=["--identity-key", SECRET]) as daemon:
            ws = daemon.ws()
            session = ws.hello(identity=self.keys.jwt("u1"))["session"]
            ws.ask("你好", "m1")
            ws.close()
            daemon.stop()
            daemon.start()
            ws = daemon.ws()
            self.assertTrue(ws.hello(session=session, since=2)["resumed"])
            self.refused(ws, type="message", id="m2", text="你好")
            ws.hello(session=session, since=2, identity=self.keys.jwt("u1"))
            self.assertEqual(ws.ask("你好", "m2")["to"], "m2")
            ws.close()

    def test_over_http_a_name_does_not_take_the_place_of_a_proof(self):
        status, first = self.daemon.json("POST", "/message", json.dumps(
            {"text": "你好", "identity": self.keys.jwt("u1")}))
        self.assertEqual(status, 200)
        body = {"text": "你好", "session": first["session"], "user": "u2"}
        self.assertEqual(self.daemon.json("POST", "/message", json.dumps(body))[0], 200)
        body = {"text": "你好", "session": first["session"], "identity": self.keys.jwt("u2")}
        self.assertEqual(self.daemon.json("POST", "/message", json.dumps(body))[0], 404)
        body = {"text": "你好", "identity": "a.b.c"}
        self.assertEqual(self.daemon.json("POST", "/message", json.dumps(body))[0], 401)


class Required(Case):
    options = ("--identity", "required")

    def test_a_guest_is_let_in_but_not_heard(self):
        ws = self.daemon.ws()
        self.refused(ws, type="message", id="m1", text="你好")
        self.refused(ws, type="hello")
        self.refused(ws, type="hello", identity="a.b.c")
        ws.hello(identity=self.keys.jwt("u1"))
        self.assertEqual(ws.ask("你好", "m1")["to"], "m1")
        ws.close()

    def test_a_conversation_is_not_shown_to_who_proves_nothing_after_a_restart(self):
        with Daemon(options=["--identity-key", SECRET, "--identity", "required"]) as daemon:
            ws = daemon.ws()
            session = ws.hello(identity=self.keys.jwt("u1"))["session"]
            ws.ask("你好", "m1")
            ws.close()
            daemon.stop()
            daemon.start()
            ws = daemon.ws()
            self.refused(ws, type="hello", session=session, since=0)
            self.assertTrue(ws.hello(session=session, since=0, identity=self.keys.jwt("u1"))["resumed"])
            ws.close()

    def test_http_is_no_way_around(self):
        self.assertEqual(self.daemon.json("POST", "/message", json.dumps({"text": "你好"}))[0], 401)
        self.assertEqual(self.daemon.json("POST", "/message", json.dumps(
            {"text": "你好", "user": "u1"}))[0], 401)
        self.assertEqual(self.daemon.json("POST", "/message", json.dumps(
            {"text": "你好", "identity": self.keys.jwt("u1", "EdDSA")}))[0], 200)


class Start(unittest.TestCase):
    def test_keys_that_cannot_be_read_stop_the_start_with_a_reason(self):
        for options, words in ((["--identity-public-keys", "/nowhere/keys.pem"], "/nowhere/keys.pem"),
                               (["--identity", "required"], "identity-public-keys")):
            with self.subTest(options=options):
                daemon = Daemon(options=options)
                with self.assertRaises(Exception):
                    daemon.start()
                self.assertIn(words, daemon.log_text())
                daemon.__exit__(None, None, None)


if __name__ == "__main__":
    unittest.main()
