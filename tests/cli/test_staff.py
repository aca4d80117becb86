"""kefu staff: accounts from the command line."""
import json
import os
import pty
import select
import sqlite3
import subprocess
import unittest

from test_kefu import KEFU, Cli

PASSWORD = "correct horse battery"


class Staff(Cli):
    def add(self, name, role="viewer", password=PASSWORD, code=0):
        return self.kefu("staff", "add", name, "--role", role, text=password + "\n", code=code)

    def names(self):
        return {row["name"]: row["role"] for row in json.loads(self.kefu("staff", "list", "--json").stdout)}

    def rows(self, sql):
        with sqlite3.connect(os.path.join(self.folder, "kefu.db")) as db:
            return db.execute(sql).fetchall()

    def test_accounts_are_added_listed_changed_and_removed(self):
        self.assertEqual(self.names(), {})
        self.add("lin", "editor")
        self.add("小王")
        self.assertEqual(self.names(), {"lin": "editor", "小王": "viewer"})
        self.kefu("staff", "role", "小王", "--role", "admin")
        self.assertIn("admin    小王", self.kefu("staff", "list").stdout)
        self.kefu("staff", "remove", "lin")
        self.assertEqual(self.names(), {"小王": "admin"})

    def test_what_is_not_there_or_there_already_is_said(self):
        self.add("lin")
        self.assertIn("already", self.add("lin", code=1).stderr)
        for command in (["passwd", "wang"], ["role", "wang", "--role", "admin"], ["remove", "wang"]):
            self.assertIn("no account 'wang'", self.kefu("staff", *command, text=PASSWORD, code=1).stderr)

    def test_the_command_line_is_checked(self):
        for command in ([], ["ad", "x"], ["add"], ["add", "x"], ["add", "x", "--role", "root"], ["list", "x"],
                        ["add", "a b", "--role", "viewer"]):
            with self.subTest(command=command):
                self.kefu("staff", *command, text=PASSWORD, code=2)

    def test_short_and_missing_passwords_are_refused(self):
        self.assertIn("8 to", self.add("lin", password="short", code=1).stderr)
        self.assertIn("empty", self.kefu("staff", "add", "lin", "--role", "viewer", text="", code=2).stderr)
        self.assertEqual(self.names(), {})

    def test_the_database_has_a_hash_with_a_salt_of_its_own(self):
        self.add("a")
        self.add("b")
        (one,), (two,) = self.rows("SELECT password FROM staff ORDER BY name")
        self.assertTrue(one.startswith("$argon2id$"))
        self.assertNotEqual(one, two)
        self.kefu("staff", "passwd", "a", text="another password\n")
        self.assertNotEqual(self.rows("SELECT password FROM staff WHERE name = 'a'")[0][0], one)

    def test_every_change_is_in_the_log(self):
        self.add("lin", "editor")
        self.kefu("staff", "passwd", "lin", text=PASSWORD)
        self.kefu("staff", "role", "lin", "--role", "admin")
        self.kefu("staff", "remove", "lin")
        self.assertEqual(self.rows("SELECT what, detail, origin FROM audit ORDER BY id"),
                         [("staff-add", "lin editor", "command"), ("staff-passwd", "lin", "command"),
                          ("staff-role", "lin admin", "command"), ("staff-remove", "lin", "command")])

    def terminal(self, *lines):
        """Runs staff add at a terminal; what it showed, and its exit code."""
        mine, its = pty.openpty()
        run = subprocess.Popen([KEFU, "staff", "add", "lin", "--role", "viewer"], cwd=self.folder, stdin=its,
                               stdout=its, stderr=its, env={**os.environ, "LC_ALL": "C.UTF-8"})
        os.close(its)
        shown, answers = b"", list(lines)
        while select.select([mine], [], [], 60)[0]:
            try:
                shown += os.read(mine, 1000)
            except OSError:  # it has ended
                break
            if answers and shown.rstrip(b"\r\n").endswith(b": ") and shown.count(b": ") > len(lines) - len(answers):
                os.write(mine, answers.pop(0).encode() + b"\n")
        os.close(mine)
        return shown.decode(), run.wait(60)

    def test_a_terminal_does_not_show_the_password(self):
        shown, code = self.terminal(PASSWORD, PASSWORD)
        self.assertEqual(code, 0, shown)
        self.assertNotIn(PASSWORD, shown)
        self.assertEqual(self.names(), {"lin": "viewer"})

    def test_a_slip_of_the_fingers_is_noticed(self):
        shown, code = self.terminal(PASSWORD, PASSWORD + "x")
        self.assertEqual(code, 1)
        self.assertIn("differ", shown)
        self.assertEqual(self.names(), {})


if __name__ == "__main__":
    unittest.main()
