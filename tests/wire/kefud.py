"""A real kefud on a free port, and clients that speak to it byte by byte. Standard library only.

    with Daemon(rules="…") as d:
        ws = d.ws()
        ws.send_json({"type": "message", "id": "c1", "text": "退款"})
        reply = ws.reply("c1")
"""
import base64
import http.client
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["LC_ALL"] = "C.UTF-8"  # the words that tests look for are English, whatever this machine speaks
BUILD = os.environ.get("KEFU_BUILD", os.path.join(ROOT, "build", "debug"))

RULES = """
version: 1
languages: [zh, en]
entities:
  order_no: {regex: '\\b20\\d{12}\\b', private: true}
intents:
  refund:
    title: {zh: 申请退款, en: Refund}
    when: {keywords: [退款, refund]}
    ask: {order_no: {zh: 请告诉我订单号, en: Your order number?, tries: 2, else: handoff}}
    answer: {zh: 已提交（<order_no>）。, en: Done (<order_no>)., buttons: [转人工]}
  human:
    title: {zh: 转人工, en: A person}
    priority: 10
    when: {keywords: [转人工, 人工, human]}
    do: {handoff: {team: 客服}}
  recommend:
    when: {keywords: [推荐, recommend]}
    do: {recommend: {count: 3}}
    answer: {zh: 为您挑了这几门：, en: "You may like:", none: {zh: 暂时没有。, en: Nothing yet.}}
  hello:
    when: {keywords: [你好, hello]}
    answer: {zh: 您好！, en: Hello!}
faq:
  - id: invoice
    q: 怎么开发票？
    also: [How do I get an invoice?]
    a: {zh: 订单页点「申请开票」。, en: Open the order page.}
"""

COURSES = """id,title,description,category,tags,level,price,url,image,creator,language,format
py101,Python入门,零基础学编程,编程,python,beginner,99,/course/py101,,王老师,zh,video
py201,Python数据分析,用pandas处理表格,编程,python;数据,intermediate,299,/course/py201,,李老师,zh,video
js101,JavaScript基础,网页交互,编程,前端;javascript,beginner,129,/course/js101,,赵老师,zh,video
ph101,手机摄影,构图与光线,摄影,摄影,beginner,59,/course/ph101,,陈老师,zh,video
en101,Everyday English,Speak with confidence,英语,english,beginner,79,/course/en101,,Ann,en,audio
"""


class Closed(Exception):
    """The server ended the WebSocket: .code is None when the socket just closed."""

    def __init__(self, code, reason=b""):
        super().__init__(f"closed {code} {reason!r}")
        self.code, self.reason = code, reason


class Daemon:
    def __init__(self, rules=RULES, courses=COURSES, options=(), env=None, folder=None, rlimit=None):
        self.folder = folder or tempfile.mkdtemp(prefix="kefu-wire-")
        self.own_folder = folder is None
        self.rules_path = os.path.join(self.folder, "intents.yaml")
        self.db = os.path.join(self.folder, "kefu.db")
        self.options, self.env, self.rlimit = list(options), env or {}, rlimit
        self.process = None
        self.log = os.path.join(self.folder, "kefud.log")
        if rules is not None and not os.path.exists(self.rules_path):
            self.write_rules(rules)
        if courses and not os.path.exists(self.db):
            self.import_file("courses", courses)

    # ---- files ----

    def write_rules(self, text):
        with open(self.rules_path, "w", encoding="utf-8") as f:
            f.write(text)

    def import_file(self, kind, text):
        path = os.path.join(self.folder, kind + ".csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        subprocess.run([os.path.join(BUILD, "kefu"), "import", kind, path, "--db", self.db], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # ---- life ----

    def start(self, wait=True):
        def limit():
            if self.rlimit:
                import resource
                for what, value in self.rlimit.items():
                    resource.setrlimit(what, (value, value))

        command = [os.path.join(BUILD, "kefud"), "--listen", "127.0.0.1:0", "--intents", self.rules_path,
                   "--db", self.db, *self.options]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log,
                                            env={**os.environ, **self.env}, preexec_fn=limit, text=True)
        if wait:
            line = self.process.stdout.readline()
            if "http://" not in line:
                self.process.wait(timeout=30)
                raise AssertionError(f"kefud did not start: {line!r}\n{self.log_text()}")
            self.port = int(line.split("http://", 1)[1].split("/", 1)[0].rsplit(":", 1)[1])
        return self

    def stop(self, sig=signal.SIGTERM, timeout=30):
        if self.process and self.process.poll() is None:
            self.process.send_signal(sig)
        code = self.process.wait(timeout=timeout)
        self.process.stdout.close()
        return code

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        try:
            if self.process.poll() is None:
                code = self.stop()
                if kind is None:
                    assert code == 0, f"kefud ended with {code}\n{self.log_text()}"
            text = self.log_text()
            assert "Sanitizer" not in text and "runtime error" not in text, text
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            if self.own_folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    def log_text(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    # ---- talking ----

    def raw(self, timeout=10):
        return Raw(self.port, timeout)

    def ws(self, **options):
        return WebSocket(self.port, **options)

    def http(self, method, path, body=None, headers=None, timeout=10):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            c.request(method, path, body=body, headers=headers or {})
            r = c.getresponse()
            return r.status, dict((k.lower(), v) for k, v in r.getheaders()), r.read()
        finally:
            c.close()

    def json(self, method, path, body=None, headers=None):
        status, _, text = self.http(method, path, body, headers)
        return status, json.loads(text)

    def metric(self, name):
        for line in self.http("GET", "/metrics")[2].decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise KeyError(name)

    def wait_metric(self, name, at_least, seconds=20):
        return wait_for(lambda: self.metric(name) >= at_least, seconds)


def wait_for(condition, seconds=20):
    """True as soon as the condition holds; False when it did not within a generous time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Raw:
    """A TCP connection."""

    def __init__(self, port, timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, data):
        self.socket.sendall(data)

    def read(self, n):
        while len(self.buffer) < n:
            got = self.socket.recv(65536)
            if not got:
                raise Closed(None)
            self.buffer += got
        out, self.buffer = self.buffer[:n], self.buffer[n:]
        return out

    def read_until(self, mark):
        while mark not in self.buffer:
            got = self.socket.recv(65536)
            if not got:
                raise Closed(None)
            self.buffer += got
        at = self.buffer.index(mark) + len(mark)
        out, self.buffer = self.buffer[:at], self.buffer[at:]
        return out

    def read_all(self, limit=1 << 20):
        """Everything until the server closes (or `limit` bytes)."""
        out, self.buffer = self.buffer, b""
        while len(out) < limit:
            try:
                got = self.socket.recv(65536)
            except ConnectionResetError:
                break
            if not got:
                break
            out += got
        return out

    def close(self):
        self.socket.close()

    def reset(self):
        """Closes with a RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def handshake(port, path="/ws", origin=None, protocol="kefu.v1", extra=(), key=None, version="13"):
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
             f"Sec-WebSocket-Key: {key or base64.b64encode(os.urandom(16)).decode()}"]
    if version is not None:
        lines.append(f"Sec-WebSocket-Version: {version}")
    if protocol:
        lines.append(f"Sec-WebSocket-Protocol: {protocol}")
    if origin:
        lines.append(f"Origin: {origin}")
    return ("\r\n".join([*lines, *extra]) + "\r\n\r\n").encode()


def frame(payload, opcode=1, fin=True, masked=True, rsv=0, length=None):
    """One frame; `length` lies about the payload's."""
    n = len(payload) if length is None else length
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if masked else 0
    if n < 126:
        head += bytes([bit | n])
    elif n < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", n)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", n)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


class WebSocket(Raw):
    def __init__(self, port, timeout=10, **options):
        super().__init__(port, timeout)
        self.send(handshake(port, **options))
        self.response = self.read_until(b"\r\n\r\n")
        self.status = int(self.response.split()[1])
        self.pongs = []
        self.frames = []  # every JSON frame received, in order
        if self.status != 101:
            raise AssertionError(self.response)

    def send_frame(self, payload, **options):
        self.send(frame(payload, **options))

    def send_text(self, text):
        self.send_frame(text.encode() if isinstance(text, str) else text)

    def send_json(self, value):
        self.send_text(json.dumps(value, ensure_ascii=False))

    def read_frame(self):
        a, b = self.read(2)
        n = b & 127
        assert not b & 128, "a server's frame is never masked"
        if n == 126:
            n = struct.unpack(">H", self.read(2))[0]
        elif n == 127:
            n = struct.unpack(">Q", self.read(8))[0]
        return a, self.read(n)

    def receive(self):
        """The next text frame as JSON; a close frame or EOF raises Closed; pongs are kept aside."""
        while True:
            first, payload = self.read_frame()
            opcode = first & 15
            if opcode == 8:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                raise Closed(code, payload[2:])
            if opcode == 9:
                self.send_frame(payload, opcode=10)
            elif opcode == 10:
                self.pongs.append(payload)
            else:
                assert first == 0x81, hex(first)
                value = json.loads(payload.decode("utf-8"))
                self.frames.append(value)
                return value

    def expect(self, kind, **fields):
        """The next frame of that type with those fields; others on the way are skipped."""
        while True:
            f = self.receive()
            if f.get("type") == kind and all(f.get(k) == v for k, v in fields.items()):
                return f

    def reply(self, to):
        return self.expect("reply", to=to)

    def error(self, code=None):
        f = self.expect("error")
        assert code is None or f["code"] == code, f
        return f

    def closed(self):
        """Reads on until the server closes: the code."""
        try:
            while True:
                self.receive()
        except Closed as c:
            return c.code
        except ConnectionResetError:
            return None

    def hello(self, **fields):
        self.send_json({"type": "hello", **fields})
        return self.expect("welcome")

    def ask(self, text, id="c1", kind="message"):
        self.send_json({"type": kind, "id": id, ("text" if kind == "message" else "value"): text})
        return self.reply(id)
