"""Who may do what at /admin/api/: signing in and out, roles, and those who try to get around them."""
import json
import os
import re
import sqlite3
import time
import unittest

from kefud import ROOT, Daemon, wait_for
from staff import PASSWORD, Staff, add, kefu


class Shared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(options=["--connections-per-ip", "1000"]).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def refused(self, answer, status, code):
        got, problem = answer
        self.assertEqual((got, problem["code"], problem["status"]), (status, code, status), problem)
        self.assertTrue(problem["detail"])
        return problem


class First(unittest.TestCase):
    def test_without_an_account_the_way_to_the_first_is_shown(self):
        with Daemon() as d:
            nobody = Staff(d)
            problem = nobody.get("me", 401)
            self.assertTrue(problem["setup"])
            self.assertIn("kefu staff add", problem["detail"])
            self.assertEqual(nobody.login("admin", "admin")[0], 401)
            add(d, "lin", "admin")
            self.assertNotIn("setup", nobody.get("me", 401))
            self.assertEqual(nobody.login("lin")[1]["role"], "admin")


class SigningIn(Shared):
    def test_who_signs_in_gets_a_cookie_that_scripts_and_other_sites_do_not(self):
        lin = Staff(self.daemon, "lin", role="editor")
        self.assertRegex(lin.set_cookie,
                         r"^kefu_staff=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200$")
        me = lin.get("me")
        self.assertEqual((me["name"], me["role"], me["csrf"]), ("lin", "editor", lin.csrf))
        self.assertIn("status", me["may"])
        self.assertNotIn("audit", me["may"])
        self.assertNotIn("login", me["may"])

    def test_the_cookie_is_nowhere_in_the_database(self):
        wu = Staff(self.daemon, "wu", role="viewer")
        with sqlite3.connect(self.daemon.db) as db:
            rows = db.execute("SELECT hash FROM staff_sessions WHERE name = 'wu'").fetchall()
        self.assertEqual(len(rows), 1)
        self.assertNotEqual(rows[0][0], wu.cookie)

    def test_a_wrong_name_and_a_wrong_password_are_one_answer(self):
        add(self.daemon, "gao", "viewer")
        one = self.refused(Staff(self.daemon).login("gao", "not the password"), 401, "bad-login")
        two = self.refused(Staff(self.daemon).login("nobody"), 401, "bad-login")
        self.assertEqual(one, two)

    def test_signing_out_ends_the_session_and_takes_the_cookie_back(self):
        he = Staff(self.daemon, "he", role="viewer")
        status, head, _ = he.request("POST", "logout")
        self.assertEqual(status, 200)
        self.assertRegex(head["set-cookie"], r"^kefu_staff=; .*Max-Age=0$")
        self.refused(he.ask("GET", "me"), 401, "signed-out")

    def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(self):
        qi = Staff(self.daemon, "qi", role="viewer")
        old = Staff(self.daemon)
        old.cookie, old.csrf = qi.cookie, qi.csrf
        qi.login("qi")
        self.assertNotEqual(qi.cookie, old.cookie)
        qi.get("me")
        self.refused(old.ask("GET", "me"), 401, "signed-out")

    def test_a_cookie_planted_before_is_not_taken_over(self):
        add(self.daemon, "bo", "viewer")
        victim = Staff(self.daemon)
        victim.cookie = planted = "a" * 64
        self.assertEqual(victim.login("bo")[0], 200)
        self.assertNotEqual(victim.cookie, planted)
        thief = Staff(self.daemon)
        thief.cookie = planted
        self.refused(thief.ask("GET", "me"), 401, "signed-out")

    def test_two_cookies_of_the_name_are_none(self):
        an = Staff(self.daemon, "an", role="viewer")
        for other in (f"kefu_staff={'b' * 64}; kefu_staff={an.cookie}", f"kefu_staff={an.cookie}; kefu_staff={'b' * 64}",
                      f"kefu_staff={an.cookie}x", f"kefu_staff={an.cookie.upper()}", "kefu_staff=", "kefu_staff"):
            with self.subTest(cookie=other):
                self.refused(an.ask("GET", "me", headers={"Cookie": other}), 401, "signed-out")
        an.ask("GET", "me", headers={"Cookie": f"a=1; kefu_staff={an.cookie};b=2"})
        self.assertEqual(an.get("me")["name"], "an")

    def test_what_changes_an_account_signs_it_out(self):
        for command, text in ((["passwd", "du"], "a new password"), (["role", "du", "--role", "agent"], ""),
                              (["remove", "du"], "")):
            with self.subTest(command=command):
                if command[0] == "passwd":
                    add(self.daemon, "du", "viewer")
                du = Staff(self.daemon, "du", "a new password" if command[0] != "passwd" else PASSWORD)
                kefu(self.daemon, *command, text=text)
                self.refused(du.ask("GET", "status"), 401, "signed-out")

    def test_a_session_ends_twelve_hours_after_it_was_last_used(self):
        xu = Staff(self.daemon, "xu", role="viewer")

        def age(hours):
            with sqlite3.connect(self.daemon.db) as db:
                db.execute("UPDATE staff_sessions SET seen = seen - ? WHERE name = 'xu'", (int(hours * 3600_000),))

        age(11.9)
        status, head, _ = xu.request("GET", "me")
        self.assertEqual(status, 200)
        self.assertIn(f"kefu_staff={xu.cookie};", head["set-cookie"])
        age(11.9)
        self.assertEqual(xu.request("GET", "me")[0], 200)
        age(12.1)
        self.refused(xu.ask("GET", "me"), 401, "signed-out")

    def test_bad_sign_ins_are_refused_with_words(self):
        nobody = Staff(self.daemon)
        for body in ({}, {"name": "x"}, {"name": "", "password": "x"}, {"name": 5, "password": "x"},
                     {"name": "a b", "password": "x"}, {"name": "x" * 65, "password": "y"},
                     {"name": "x", "password": "y" * 1025}):
            with self.subTest(body=body):
                self.refused(nobody.ask("POST", "login", body), 400, "bad-request")
        for raw in (b"[]", b"5", b"{", b'{"name":"a","name":"b"}', b"\xff"):
            with self.subTest(raw=raw):
                self.refused(nobody.ask("POST", "login", raw=raw), 400, "bad-request")


class Guessing(unittest.TestCase):
    def guess_until_refused(self, free, guess):
        """guess(i) fails at a sign-in: the code. The first `free` have no wait, the next is to come a second after the
        beginning of the one before, then two, then four: on a machine so slow that each takes longer, some more come in.
        Returns the wait in force and when it began at the earliest."""
        sent, wait = 0, 0
        for i in range(free + 10):
            now = time.monotonic()
            code = guess(i)
            if code == "too-many-attempts":
                self.assertGreater(wait, 0, f"attempt {i + 1}")
                return wait, sent
            self.assertEqual(code, "bad-login")
            self.assertGreaterEqual(time.monotonic() - sent, wait, f"attempt {i + 1} came in early")
            sent, wait = now, min(2 * wait, 60) or int(i + 1 == free)
        self.fail("never refused")

    def test_who_fails_often_has_to_wait_and_others_do_not(self):
        here = {"X-Forwarded-For": "203.0.113.7"}
        with Daemon(options=["--proxies", "127.0.0.1"]) as d:
            lin = Staff(d, "lin", role="viewer")
            guesser = Staff(d)
            for _ in range(5):
                wait, began = self.guess_until_refused(5, lambda i: Staff(d).login(f"guess{i}", headers=here)[1]["code"])
                status, problem = guesser.login("lin", headers=here)
                if status == 429:
                    break
                self.assertGreaterEqual(time.monotonic() - began, wait)  # it was over; and a success clears all
            self.assertEqual((status, problem["code"]), (429, "too-many-attempts"))
            self.assertGreater(int(guesser.head["retry-after"]), 0)
            self.assertEqual(Staff(d).login("lin", headers={"X-Forwarded-For": "203.0.113.8"})[0], 200)
            lin.get("me")

    def test_a_name_is_not_guessed_from_many_addresses(self):
        with Daemon(options=["--proxies", "127.0.0.1"]) as d:
            add(d, "lin", "viewer")
            self.guess_until_refused(10, lambda i: Staff(d).login("lin", f"guess {i}", {"X-Forwarded-For": f"203.0.113.{i}"})[1]
                                     ["code"])


class Https(unittest.TestCase):
    def test_behind_a_proxy_of_ours_the_cookie_is_secure_and_the_host_is_the_clients(self):
        with Daemon(options=["--proxies", "127.0.0.1"]) as d:
            lin = Staff(d, "lin", role="viewer")
            proxied = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https",
                       "X-Forwarded-Host": "chat.example.org", "Origin": "https://chat.example.org"}
            self.assertEqual(lin.login("lin", headers=proxied)[0], 200)
            self.assertIn("; Secure", lin.set_cookie)
            self.assertEqual(lin.ask("POST", "ask", {"text": "你好"}, headers=proxied)[0], 200)
            self.assertEqual(lin.login("lin", headers={**proxied, "Origin": "https://evil.example"})[0], 403)

    def test_who_is_no_proxy_of_ours_is_not_believed(self):
        with Daemon() as d:
            lin = Staff(d, "lin", role="viewer")
            lin.login("lin", headers={"X-Forwarded-Proto": "https"})
            self.assertNotIn("Secure", lin.set_cookie)
            status, problem = lin.login("lin", headers={"X-Forwarded-Host": "evil.example", "Origin": "https://evil.example"})
            self.assertEqual((status, problem["code"]), (403, "origin"))


class Forgery(Shared):
    """Another site's page in the browser of somebody who is signed in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lin = Staff(cls.daemon, "lin", role="admin")

    def test_only_our_own_page_may_change_something(self):
        host = f"127.0.0.1:{self.daemon.port}"
        for origin in (None, "null", "https://evil.example", f"http://evil.example:{self.daemon.port}", "http://127.0.0.1",
                       f"http://{host}.evil.example", f"http://evil.example/{host}"):
            with self.subTest(origin=origin):
                self.refused(self.lin.ask("POST", "reload", headers={"Origin": origin}), 403, "origin")
        self.lin.post("reload", status=202, headers={"Origin": f"http://{host}"})

    def test_pages_of_the_setting_origins_may_not(self):
        with Daemon(options=["--origins", "https://shop.example,*"]) as d:
            lin = Staff(d, "lin", role="admin")
            self.refused(lin.ask("POST", "reload", headers={"Origin": "https://shop.example"}), 403, "origin")
            status, head, _ = lin.request("GET", "status", headers={"Origin": "https://shop.example"})
            self.assertNotIn("access-control-allow-origin", head)

    def test_the_token_of_this_sign_in_is_needed(self):
        other = Staff(self.daemon, "other", role="admin")
        for token in (None, "", "x", "0" * 64, other.csrf, self.lin.csrf + "0", self.lin.csrf[:-1]):
            with self.subTest(token=token):
                self.refused(self.lin.ask("POST", "reload", headers={"X-CSRF-Token": token}), 403, "csrf")

    def test_a_form_cannot_be_one_of_these_requests(self):
        for kind in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                     "application/jsonp"):
            with self.subTest(kind=kind):
                self.refused(self.lin.ask("POST", "reload", headers={"Content-Type": kind}), 415, "not-json")
        self.lin.post("reload", status=202, headers={"Content-Type": "application/json; charset=utf-8"})

    def test_a_preflight_gets_no_permission(self):
        status, head, _ = self.daemon.http("OPTIONS", "/admin/api/reload", headers={
            "Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
        self.assertGreaterEqual(status, 400)
        self.assertFalse([h for h in head if h.startswith("access-control")])


class Shape(Shared):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lin = Staff(cls.daemon, "lin", role="admin")

    def test_unknown_paths_and_methods_are_said(self):
        for path in ("", "nothing", "me/", "../me", "%2e%2e/me", "login/x"):
            with self.subTest(path=path):
                self.assertEqual(self.lin.request("GET", path)[0], 404)
        status, head, _ = self.lin.request("GET", "login")
        self.assertEqual((status, head["allow"]), (405, "POST"))
        status, head, _ = self.lin.request("DELETE", "me")
        self.assertEqual((status, head["allow"]), (405, "GET"))

    def test_bodies_are_bounded(self):
        self.assertEqual(self.lin.request("POST", "ask", {"text": "x" * 70_000})[0], 413)
        self.assertEqual(Staff(self.daemon).request("POST", "login", {"name": "x" * 70_000})[0], 413)
        self.assertEqual(self.lin.request("POST", "ask", raw=b"")[0], 400)

    def test_answers_are_not_kept_by_anybody(self):
        _, head, _ = self.lin.request("GET", "me")
        self.assertEqual(head["cache-control"], "no-store")
        self.assertEqual(head["x-content-type-options"], "nosniff")

    def test_requests_in_one_packet_are_answered_in_turn(self):
        head = f"Host: x\r\nCookie: kefu_staff={self.lin.cookie}\r\n\r\n"
        raw = self.daemon.raw()
        raw.send("".join(f"GET /admin/api/{path} HTTP/1.1\r\n{head}"
                         for path in ("me", "audit?limit=1", "nothing", "status", "me")).encode())
        for status, word in ((200, b'"csrf"'), (200, b'"entries"'), (404, b"not-found"), (200, b'"serial"'), (200, b'"csrf"')):
            answer = raw.read_until(b"\r\n\r\n")
            self.assertEqual(int(answer.split()[1]), status)
            length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            self.assertIn(word, raw.read(length))
        raw.close()

    def test_who_leaves_before_the_answer_does_no_harm(self):
        for i in range(40):
            raw = self.daemon.raw()
            raw.send(f"GET /admin/api/status HTTP/1.1\r\nHost: x\r\nCookie: kefu_staff={self.lin.cookie}\r\n\r\n".encode())
            raw.reset() if i % 2 else raw.close()
            body = json.dumps({"name": "lin", "password": "wrong password"}).encode()
            raw = self.daemon.raw()
            raw.send((f"POST /admin/api/login HTTP/1.1\r\nHost: 127.0.0.1:{self.daemon.port}\r\nContent-Type: application/json\r\n"
                      f"Origin: http://127.0.0.1:{self.daemon.port}\r\nContent-Length: {len(body) + i % 3}\r\n\r\n").encode() + body)
            raw.reset() if i % 2 else raw.close()
        self.assertTrue(wait_for(lambda: self.lin.ask("GET", "me")[0] == 200))  # the desk works through them first

    def test_a_body_behind_another_request_is_not_even_answered(self):
        raw = self.daemon.raw()
        raw.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                 b"PUT /admin/api/file HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        self.assertEqual(raw.read_all().count(b"HTTP/1.1"), 1)
        raw.close()

    def test_many_requests_at_once_get_each_its_own_answer(self):
        import threading
        wrong = []

        def look(i):
            got = self.lin.post("ask", {"text": f"第{i}句"})
            if got["text"] != f"第{i}句":
                wrong.append(got)

        threads = [threading.Thread(target=look, args=(i,)) for i in range(20)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(wrong, [])


class Roles(Shared):
    """The table of docs/admin-api.md is what the daemon enforces."""

    def rows(self):
        with open(os.path.join(ROOT, "docs", "admin-api.md"), encoding="utf-8") as f:
            table = f.read().split("## Endpoints")[1].split("A path that is not here")[0]
        for names, least in re.findall(r"^\| (`.*?`) \| (\S+) \|", table, re.M):
            for method, name in re.findall(r"`(\w+) ([\w/]+)`", names):
                yield method, name, least

    def test_each_role_may_do_what_the_table_says_and_nothing_else(self):
        order = ["viewer", "agent", "editor", "admin"]
        rows = list(self.rows())
        self.assertGreater(len(rows), 17)
        staff = {role: Staff(self.daemon, "one-" + role, role=role) for role in order}
        for method, name, least in rows:
            if least == "–" or name == "logout":
                continue
            with self.subTest(endpoint=name):
                self.refused(Staff(self.daemon).ask(method, name), 401, "signed-out")
                for role in order:
                    status, answer = staff[role].ask(method, name)
                    may = order.index(role) >= order.index(least)
                    self.assertEqual(status == 403 and answer["code"] == "role", not may, answer)
                    listed = "save" if method == "PUT" else name
                    self.assertEqual(listed in staff[role].get("me")["may"], may)
        listed = {("save" if m == "PUT" else n) for m, n, least in rows if least != "–"}
        self.assertEqual(set(staff["admin"].get("me")["may"]), listed)


class Pages(Shared):
    def test_the_page_runs_only_what_comes_from_here_and_is_not_framed(self):
        status, head, text = self.daemon.http("GET", "/admin/")
        self.assertEqual(status, 200)
        policy = head["content-security-policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotIn(b"<style", text)
        self.assertNotIn(b"onclick", text)

    def test_it_has_its_files_and_one_address(self):
        status, head, _ = self.daemon.http("GET", "/admin")
        self.assertEqual((status, head["location"]), (308, "/admin/"))
        for path in ("/admin/admin.js", "/admin/admin.css"):
            self.assertEqual(self.daemon.http("GET", path, headers={"Accept-Encoding": "gzip"})[1]["content-encoding"], "gzip")


if __name__ == "__main__":
    unittest.main()
