"""RFC 6455 seen from a client: framing, fragments, control frames, UTF-8, close codes."""
import struct
import unittest

from kefud import Closed, Daemon, frame

PING, PONG, CLOSE = 9, 10, 8


def message(text="你好", id="c1"):
    return ('{"type":"message","id":"%s","text":"%s"}' % (id, text)).encode()


class Conformance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(options=["--rate", "100000", "--connections-per-ip", "1000"]).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def setUp(self):
        self.ws = self.daemon.ws()

    def tearDown(self):
        self.ws.close()

    def alive(self):
        """The daemon answers a fresh connection."""
        ws = self.daemon.ws()
        self.assertEqual(ws.ask("你好")["intent"], "hello")
        ws.close()

    # ---- handshake ----

    def test_handshake_computes_the_accept_key_of_the_rfc(self):
        ws = self.daemon.ws(key="dGhlIHNhbXBsZSBub25jZQ==")
        self.assertIn(b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", ws.response)
        self.assertIn(b"kefu.v1", ws.response)
        ws.close()

    # ---- framing ----

    def test_text_of_each_length_coding_is_answered(self):
        for n in (0, 1, 60, 125 - 42, 126, 127, 128, 1000, 1900):
            with self.subTest(n=n):
                text = "你好" + "x" * n
                self.ws.send_frame(message(text, f"n{n}"))
                self.assertEqual(self.ws.reply(f"n{n}")["type"], "reply")

    def test_bytes_may_come_one_by_one(self):
        for b in frame(message(id="drip")):
            self.ws.send(bytes([b]))
        self.assertEqual(self.ws.reply("drip")["intent"], "hello")

    def test_many_frames_in_one_packet_are_answered_in_order(self):
        self.ws.send(b"".join(frame(message(id=f"p{i}")) for i in range(50)))
        for i in range(50):
            self.assertEqual(self.ws.expect("reply")["to"], f"p{i}")

    def test_ping_is_answered_with_the_same_payload(self):
        for payload in (b"", b"hello", b"\x00\xff\xfe\xfd", b"p" * 125):
            self.ws.send_frame(payload, opcode=PING)
            self.ws.send_frame(message(id="after"))
            self.ws.reply("after")
            self.assertIn(payload, self.ws.pongs)

    def test_ping_over_125_bytes_is_a_protocol_error(self):
        self.ws.send_frame(b"p" * 126, opcode=PING)
        self.assertIn(self.ws.closed(), (1002, None))

    def test_unasked_pongs_are_ignored_even_with_binary_payload(self):
        self.ws.ask("你好", "first")
        for payload in (b"", b"x", b"\xff\xfe\x80"):
            self.ws.send_frame(payload, opcode=PONG)
        self.assertEqual(self.ws.ask("你好", "second")["intent"], "hello")

    def test_binary_is_refused_with_1003(self):
        self.ws.send_frame(b"\x00\x01", opcode=2)
        self.assertEqual(self.ws.closed(), 1003)

    def test_reserved_bits_are_a_protocol_error(self):
        for rsv in range(1, 8):
            with self.subTest(rsv=rsv):
                ws = self.daemon.ws()
                ws.send_frame(message(), rsv=rsv)
                self.assertIn(ws.closed(), (1002, None))
                ws.close()

    def test_reserved_opcodes_are_a_protocol_error(self):
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
            with self.subTest(opcode=opcode):
                ws = self.daemon.ws()
                ws.send_frame(b"x", opcode=opcode)
                self.assertIn(ws.closed(), (1002, None))
                ws.close()

    # ---- fragments ----

    def test_a_message_in_fragments_is_one_message(self):
        body = message("我想问问退款的事", "frag")
        for cut in (1, 7, len(body) - 1):
            with self.subTest(cut=cut):
                body = message("我想问问退款的事", f"frag{cut}")
                parts = [body[i:i + cut] for i in range(0, len(body), cut)]
                for i, part in enumerate(parts):
                    self.ws.send_frame(part, opcode=1 if i == 0 else 0, fin=i == len(parts) - 1)
                self.assertEqual(self.ws.reply(f"frag{cut}")["intent"], "refund")

    def test_empty_fragments_are_fine(self):
        body = message(id="empty")
        self.ws.send_frame(b"", opcode=1, fin=False)
        self.ws.send_frame(body, opcode=0, fin=False)
        self.ws.send_frame(b"", opcode=0, fin=True)
        self.assertEqual(self.ws.reply("empty")["intent"], "hello")

    def test_control_frames_may_come_between_fragments(self):
        body = message(id="mid")
        self.ws.send_frame(body[:10], opcode=1, fin=False)
        self.ws.send_frame(b"now", opcode=PING)
        self.ws.send_frame(b"\xff", opcode=PONG)
        self.ws.send_frame(body[10:], opcode=0)
        self.ws.reply("mid")
        self.assertIn(b"now", self.ws.pongs)

    def test_fragmented_control_frames_are_a_protocol_error(self):
        for opcode in (PING, PONG, CLOSE):
            with self.subTest(opcode=opcode):
                ws = self.daemon.ws()
                ws.send_frame(b"x", opcode=opcode, fin=False)
                self.assertIn(ws.closed(), (1002, None))
                ws.close()

    def test_continuation_of_nothing_is_a_protocol_error(self):
        for fin in (True, False):
            with self.subTest(fin=fin):
                ws = self.daemon.ws()
                ws.send_frame(b"lost", opcode=0, fin=fin)
                self.assertIn(ws.closed(), (1002, None))
                ws.close()

    def test_a_new_message_inside_a_fragmented_one_is_a_protocol_error(self):
        self.ws.send_frame(b'{"type":', opcode=1, fin=False)
        self.ws.send_frame(message(), opcode=1)
        self.assertIn(self.ws.closed(), (1002, None))

    # ---- UTF-8 ----

    def test_text_that_is_not_utf8_is_closed_with_1007(self):
        bad = [b"\xff", b"\xc0\xaf", b"\xe4\xbd", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80",
               b"\x80", b"\xbf", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf", b"\xfe", b"\xc3\x28",
               b"\xe2\x28\xa1", b"\xf0\x28\x8c\xbc", b"\xed\xbf\xbf", b"\xf5\x80\x80\x80", b"\xc3"]
        for raw in bad:
            with self.subTest(raw=raw):
                ws = self.daemon.ws()
                ws.send_frame(b'{"type":"message","id":"u","text":"' + raw + b'"}')
                self.assertEqual(ws.closed(), 1007)
                ws.close()
        self.alive()

    def test_valid_utf8_of_each_length_is_accepted(self):
        good = ["ascii", "é", "中", "𠮷", "\u07ff", "\u0800", "\uffff", "\U00010000", "\U0010ffff", "\ud7ff", "\ue000",
                "👨‍👩‍👧", "\u202e", "\ufeff"]
        for i, text in enumerate(good):
            with self.subTest(text=text):
                self.ws.send_json({"type": "message", "id": f"g{i}", "text": "你好" + text})
                self.assertEqual(self.ws.reply(f"g{i}")["type"], "reply")

    def test_a_character_may_be_split_between_fragments(self):
        body = message("你好", "split")
        at = body.index("好".encode()) + 1
        self.ws.send_frame(body[:at], opcode=1, fin=False)
        self.ws.send_frame(body[at:], opcode=0)
        self.assertEqual(self.ws.reply("split")["intent"], "hello")

    # ---- close ----

    def test_close_is_answered_with_close(self):
        for payload, want in ((b"", 1005), (struct.pack(">H", 1000), 1000), (struct.pack(">H", 1000) + b"bye", 1000),
                              (struct.pack(">H", 3000), 3000), (struct.pack(">H", 4999), 4999)):
            with self.subTest(payload=payload):
                ws = self.daemon.ws()
                ws.send_frame(payload, opcode=CLOSE)
                self.assertIn(ws.closed(), (want, 1000, 1005))
                ws.close()

    def test_a_close_of_one_byte_is_a_protocol_error(self):
        self.ws.send_frame(b"\x03", opcode=CLOSE)
        self.assertEqual(self.ws.closed(), 1002)

    def test_a_close_reason_that_is_not_utf8_is_refused(self):
        self.ws.send_frame(struct.pack(">H", 1000) + b"\xff\xfe", opcode=CLOSE)
        self.assertIn(self.ws.closed(), (1007, 1002))

    def test_close_codes_that_may_not_be_sent_are_a_protocol_error(self):
        for code in (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535):
            with self.subTest(code=code):
                ws = self.daemon.ws()
                ws.send_frame(struct.pack(">H", code), opcode=CLOSE)
                self.assertIn(ws.closed(), (1002, None))
                ws.close()

    def test_nothing_is_answered_after_close(self):
        self.ws.send(frame(struct.pack(">H", 1000), opcode=CLOSE) + frame(message(id="late")))
        try:
            while True:
                self.assertNotEqual(self.ws.receive().get("to"), "late")
        except (Closed, ConnectionResetError):
            pass

    # ---- limits ----

    def test_a_message_over_the_limit_is_closed_with_1009(self):
        for send in ("one frame", "fragments", "lying length"):
            with self.subTest(send=send):
                ws = self.daemon.ws()
                try:
                    if send == "one frame":
                        ws.send_frame(b"x" * 100_000)
                    elif send == "fragments":
                        for i in range(200):
                            ws.send_frame(b"x" * 1000, opcode=1 if i == 0 else 0, fin=False)
                    else:
                        ws.send_frame(b"x" * 70_000, length=1 << 40)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                self.assertIn(ws.closed(), (1009, None))
                ws.close()
        self.alive()

    def test_ten_megabytes_do_no_harm(self):
        try:
            self.ws.send_frame(b"x" * 10_000_000)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.assertIn(self.ws.closed(), (1009, None))
        self.alive()

    def test_half_a_frame_and_a_vanished_client_do_no_harm(self):
        whole = frame(message())
        for cut in range(1, len(whole), 5):
            ws = self.daemon.ws()
            ws.send(whole[:cut])
            ws.reset() if cut % 2 else ws.close()
        self.alive()


if __name__ == "__main__":
    unittest.main()
