"""A program in a real terminal, by tmux: a shell in a pane, its keys and its screen."""

import itertools
import os
import shlex
import subprocess
import time
import unicodedata

_numbers = itertools.count(1)
PROMPT = "ready> "
PATIENCE = 30  # seconds; a busy machine is slow, a screen that never comes is a failure


class Terminal:
    """A tmux server of its own with one pane, in which a shell waits."""

    def __init__(self, columns=80, rows=24, env=None):
        self.name = f"backstep-test-{os.getpid()}-{next(_numbers)}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "TMUX"))}
        environment.pop("NO_COLOR", None)
        # tmux starts the shell through another one, which may drop PS1: it is set behind that.
        settings = {"LANG": "C.UTF-8", "PS1": PROMPT, **(env or {})}
        shell = ["env", *(f"{k}={v}" for k, v in settings.items()), "bash", "--norc", "--noprofile"]
        subprocess.run(
            ["tmux", "-L", self.name, "-f", "/dev/null", "-u", "new-session", "-d", "-x",
             str(columns), "-y", str(rows), shlex.join(shell)],
            env=environment, check=True)
        self.tmux("set", "-g", "status", "off")
        self.tmux("set", "-g", "window-size", "manual")
        self.resize(columns, rows)
        if PROMPT.strip() not in self.wait(lambda screen: PROMPT.strip() in screen):
            raise RuntimeError(f"the shell in {self.name} shows no prompt: {self.screen()!r}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-L", self.name, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        return done.stdout.decode()

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def run(self, command):
        self.type(command)
        self.keys("Enter")

    def screen(self, colors=False):
        return self.tmux("capture-pane", "-p", *(["-e"] if colors else []))

    def ask(self, variable):
        return self.tmux("display-message", "-p", "#{" + variable + "}").strip()

    def wait(self, holds):
        """Waits until holds(screen); returns that screen, or the last one."""
        end = time.monotonic() + PATIENCE
        screen = self.screen()
        while not holds(screen) and time.monotonic() < end:
            time.sleep(0.05)
            screen = self.screen()
        return screen

    def wait_until(self, holds):
        end = time.monotonic() + PATIENCE
        while not holds() and time.monotonic() < end:
            time.sleep(0.05)
        return holds()


def columns(line):
    """How many columns a line takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
