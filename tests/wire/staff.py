"""Members of the staff, as the page at /admin/ lets them speak."""
import json
import os
import subprocess

from kefud import BUILD

PASSWORD = "correct horse battery"


def add(daemon, name, role, password=PASSWORD):
    kefu(daemon, "add", name, "--role", role, text=password)


def kefu(daemon, *command, text=""):
    subprocess.run([os.path.join(BUILD, "kefu"), "staff", *command, "--db", daemon.db], input=text, text=True, check=True,
                   stdout=subprocess.DEVNULL)


class Staff:
    """One browser. `headers` are added to each request, None takes one out."""

    def __init__(self, daemon, name=None, password=PASSWORD, role=None):
        self.daemon, self.cookie, self.csrf, self.name = daemon, None, "", name
        if role:
            add(daemon, name, role, password)
        if name:
            status, me = self.login(name, password)
            assert status == 200, me

    def request(self, method, path, body=None, headers=None, raw=None):
        host = f"127.0.0.1:{self.daemon.port}"
        head = {"Cookie": f"kefu_staff={self.cookie}" if self.cookie else None}
        if method != "GET":
            head |= {"Origin": f"http://{host}", "Content-Type": "application/json", "X-CSRF-Token": self.csrf}
            raw = json.dumps({} if body is None else body, ensure_ascii=False).encode() if raw is None else raw
        head |= headers or {}
        return self.daemon.http(method, "/admin/api/" + path, raw, {k: v for k, v in head.items() if v is not None},
                                timeout=60)

    def ask(self, method, path, body=None, headers=None, raw=None):
        status, head, text = self.request(method, path, body, headers, raw)
        kind = "application/json" if status < 400 else "application/problem+json"
        assert head["content-type"] == kind, (status, head, text)
        return status, json.loads(text)

    def get(self, path, status=200):
        got, answer = self.ask("GET", path)
        assert got == status, (path, got, answer)
        return answer

    def post(self, path, body=None, status=200, method="POST", **more):
        got, answer = self.ask(method, path, body, **more)
        assert got == status, (path, got, answer)
        return answer

    def put(self, path, body, status=200, **more):
        return self.post(path, body, status, method="PUT", **more)

    def login(self, name, password=PASSWORD, headers=None):
        status, head, text = self.request("POST", "login", {"name": name, "password": password}, headers)
        me = json.loads(text)
        if status == 200:
            self.set_cookie = head["set-cookie"]
            self.cookie = self.set_cookie.split("=", 1)[1].split(";")[0]
            self.csrf = me["csrf"]
        self.head = head
        return status, me
