"""HTTP on the same port: pages, health, metrics, recommend, message, events, errors."""
import gzip
import json
import unittest

from kefud import Daemon


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(options=["--rate", "100000", "--connections-per-ip", "1000"]).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def problem(self, method, path, status, body=None, headers=None):
        got, head, text = self.daemon.http(method, path, body, headers)
        self.assertEqual(got, status, text)
        self.assertEqual(head.get("content-type"), "application/problem+json")
        p = json.loads(text)
        self.assertEqual(p["status"], status)
        self.assertTrue(p["title"])
        return p

    # ---- pages ----

    def test_the_demo_page_embeds_the_widget(self):
        status, head, text = self.daemon.http("GET", "/")
        self.assertEqual(status, 200)
        self.assertIn("text/html", head["content-type"])
        self.assertIn(b"widget.js", text)
        self.assertIn("content-security-policy", head)

    def test_assets_are_gzipped_when_asked_and_revalidated(self):
        status, head, plain = self.daemon.http("GET", "/widget.js")
        self.assertEqual(status, 200)
        etag = head["etag"]
        status, head, packed = self.daemon.http("GET", "/widget.js", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(head.get("content-encoding"), "gzip")
        self.assertEqual(gzip.decompress(packed), plain)
        self.assertIn("accept-encoding", head["vary"].lower())
        status, _, body = self.daemon.http("GET", "/widget.js", headers={"If-None-Match": etag})
        self.assertEqual((status, body), (304, b""))

    def test_head_has_no_body(self):
        status, head, body = self.daemon.http("HEAD", "/")
        self.assertEqual((status, body), (200, b""))

    def test_a_missing_page_is_a_404_problem(self):
        for path in ("/nothing", "/../etc/passwd", "/%2e%2e/etc/passwd", "/admin/../../x", "/widget.js/x"):
            with self.subTest(path=path):
                self.problem("GET", path, 404)

    def test_the_wrong_method_is_a_405_that_names_the_right_one(self):
        status, head, _ = self.daemon.http("GET", "/message")
        self.assertEqual(status, 405)
        self.assertIn("POST", head["allow"])

    # ---- operation ----

    def test_health_and_readiness(self):
        self.assertEqual(self.daemon.http("GET", "/healthz")[0], 200)
        self.assertEqual(self.daemon.http("GET", "/readyz")[0], 200)

    def test_metrics_are_prometheus_text(self):
        status, head, text = self.daemon.http("GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertTrue(head["content-type"].startswith("text/plain"))
        for line in text.decode().splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) (kefu|process)_\w+ .+|(kefu|process)_\w+(\{[^}]*\})? [-+0-9.eInfNa]+)$')
        self.assertIn(b"# TYPE kefu_messages_total counter", text)

    def test_openapi_describes_the_paths(self):
        status, spec = self.daemon.json("GET", "/openapi.json")
        self.assertEqual(status, 200)
        self.assertTrue(spec["openapi"].startswith("3."))
        for path in ("/recommend", "/message", "/events", "/healthz", "/metrics"):
            self.assertIn(path, spec["paths"])
        for path, methods in spec["paths"].items():
            for method in methods:
                with self.subTest(path=path):  # what is described is there
                    self.assertNotIn(self.daemon.http(method.upper(), path, b"" if method != "get" else None)[0], (404, 405))

    # ---- recommend ----

    def test_recommend_has_the_contract_shape(self):
        status, r = self.daemon.json("GET", "/recommend?user_id=1&query=Python")
        self.assertEqual(status, 200)
        self.assertEqual((r["user_id"], r["query"]), ("1", "Python"))
        self.assertTrue(r["courses"])
        for c in r["courses"]:
            self.assertEqual({"id", "title", "description", "price", "score", "reason"} - set(c), set())
        self.assertTrue(r["courses"][0]["id"].startswith("py"))
        scores = [c["score"] for c in r["courses"]]
        self.assertEqual(scores, sorted(scores, reverse=True))

    def test_recommend_honours_n_and_unicode(self):
        self.assertEqual(len(self.daemon.json("GET", "/recommend?user_id=1&n=2")[1]["courses"]), 2)
        r = self.daemon.json("GET", "/recommend?user_id=1&query=%E6%91%84%E5%BD%B1")[1]
        self.assertEqual(r["query"], "摄影")
        self.assertEqual(r["courses"][0]["id"], "ph101")

    def recommend(self, query):
        status, r = self.daemon.json("GET", "/recommend?user_id=1&" + query)
        self.assertEqual(status, 200)
        return r

    def ids(self, query):
        return [c["id"] for c in self.recommend(query)["courses"]]

    def test_words_that_match_nothing_give_an_empty_list_and_what_there_is(self):
        r = self.recommend("query=xyzzyplugh")
        self.assertEqual((r["courses"], r["matched"]), ([], False))
        self.assertIn("编程", r["categories"])
        r = self.recommend("query=python")
        self.assertTrue(r["matched"])
        self.assertNotIn("categories", r)

    def test_filters_leave_only_what_fits(self):
        self.assertEqual(self.ids("format=audio"), ["en101"])
        self.assertEqual(self.ids("format=%E9%9F%B3%E9%A2%91"), ["en101"])
        self.assertEqual(self.ids("format=live"), [])
        self.assertEqual(self.ids("level=intermediate"), ["py201"])
        self.assertEqual(self.ids("language=en"), ["en101"])
        self.assertEqual(sorted(self.ids("max_price=79")), ["en101", "ph101"])
        self.assertEqual(self.ids("category=%E6%91%84%E5%BD%B1"), ["ph101"])
        self.assertEqual(self.ids("query=python&max_price=100"), ["py101"])

    def test_prices_have_a_least_a_greatest_and_an_order(self):
        self.assertEqual(self.ids("query=python&min_price=100"), ["py201"])
        prices = [c["price"] for c in self.recommend("order=price")["courses"]]
        self.assertEqual(prices, sorted(prices))
        self.assertGreater(len(prices), 3)

    def test_filters_that_leave_nothing_give_the_nearest_apart_from_what_fits(self):
        r = self.recommend("query=python&max_price=0")
        self.assertEqual((r["courses"], r["matched"], r["without"]), ([], True, ["price"]))
        self.assertEqual([c["id"] for c in r["nearest"]], ["py101", "py201"])
        self.assertRegex(r["list"], "^[0-9a-f]{16}$")
        r = self.recommend("format=live&query=python")
        self.assertEqual((r["courses"], r["without"]), ([], ["format"]))
        self.assertNotIn("nearest", self.recommend("query=python"))
        r = self.recommend("query=xyzzyplugh&max_price=0")
        self.assertFalse(r["matched"])
        self.assertNotIn("nearest", r)

    def test_courses_to_resemble_may_be_named_several_times_or_in_a_list(self):
        self.assertEqual(self.ids("like=py101")[0], "py201")
        self.assertNotIn("py101", self.ids("like=py101"))
        twice, listed = self.ids("like=py101&like=py201"), self.ids("like=py101,py201")
        self.assertEqual(twice, listed)
        self.assertFalse({"py101", "py201"} & set(twice))

    def test_reasons_name_their_kind(self):
        c = self.recommend("query=python&lang=en")["courses"][0]
        self.assertEqual((c["because"], c["reason"], c["format"]), ("words", "Matches “python”", "video"))

    def test_wrong_parameters_are_named(self):
        for query, name in (("", "user_id"), ("?query=x", "user_id"), ("?user_id=", "user_id"),
                            ("?user_id=1&n=0", "n"), ("?user_id=1&n=x", "n"), ("?user_id=1&n=5000", "n"),
                            ("?user_id=1&level=hard", "level"), ("?user_id=1&format=hologram", "format"),
                            ("?user_id=1&max_price=cheap", "max_price"), ("?user_id=1&max_price=-1", "max_price"),
                            ("?user_id=1&min_price=low", "min_price"), ("?user_id=1&order=dear", "order"),
                            ("?user_id=1&query=%ff", "query"), ("?user_id=1&category=%c3%28", "category"),
                            ("?user_id=1" + "&like=x" * 21, "like"), ("?user_id=1&like=" + "x" * 600, "like")):
            with self.subTest(query=query):
                p = self.problem("GET", "/recommend" + query, 400)
                self.assertEqual(p["parameter"], name)
                self.assertIn(f"'{name}'", p["detail"])

    # ---- message ----

    def test_message_answers_one_turn(self):
        status, r = self.daemon.json("POST", "/message", json.dumps({"text": "你好"}),
                                     {"Content-Type": "application/json"})
        self.assertEqual(status, 200)
        self.assertEqual((r["intent"], r["source"]), ("hello", "rule"))
        self.assertIn("session", r)

    def test_message_goes_on_with_a_session(self):
        _, a = self.daemon.json("POST", "/message", json.dumps({"text": "我要退款"}))
        _, b = self.daemon.json("POST", "/message",
                                json.dumps({"text": "20260301123456", "session": a["session"]}))
        self.assertEqual(b["source"], "slot")

    def test_bad_messages_are_refused(self):
        for body in ("", "{", "[]", "{}", '{"text":5}', '{"text":""}', '{"text":"a","text":"b"}',
                     json.dumps({"text": "长" * 2500})):
            with self.subTest(body=body[:20]):
                status, head, _ = self.daemon.http("POST", "/message", body.encode())
                self.assertIn(status, (400, 411, 413))

    # ---- events ----

    def test_events_are_answered_after_commit_and_change_the_next_answer(self):
        user = "ev1"
        lines = [{"user": user, "course": "py101", "type": "purchase"}, {"user": user, "course": "ph101", "type": "view"}]
        status, r = self.daemon.json("POST", "/events", "\n".join(map(json.dumps, lines)))
        self.assertEqual((status, r["accepted"]), (200, 2))
        got = [c["id"] for c in self.daemon.json("GET", f"/recommend?user_id={user}&n=10")[1]["courses"]]
        self.assertNotIn("py101", got)

    def test_a_dismissed_course_is_not_shown_again(self):
        self.assertIn("en101", self.ids("n=10"))
        event = {"user": "picky", "course": "en101", "type": "dismiss"}
        self.assertEqual(self.daemon.json("POST", "/events", json.dumps(event))[1]["accepted"], 1)
        got = [c["id"] for c in self.daemon.json("GET", "/recommend?user_id=picky&n=10")[1]["courses"]]
        self.assertEqual(len(got), 4)
        self.assertNotIn("en101", got)
        self.assertIn("en101", self.ids("n=10"))

    def test_a_bad_event_line_is_named_and_nothing_is_stored(self):
        before = self.daemon.metric("kefu_events_total")
        body = '{"user":"u","course":"py101","type":"view"}\n{"user":"u","type":"view"}\nnot json\n'
        p = self.problem("POST", "/events", 400, body)
        self.assertIn("2", json.dumps(p))
        self.assertIn("3", json.dumps(p))
        self.assertEqual(self.daemon.metric("kefu_events_total"), before)


if __name__ == "__main__":
    unittest.main()
