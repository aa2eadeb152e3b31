"""The stepper in a real terminal: sizes, keys, colours, signals, and lines where there is none."""

import os
import re
import shlex
import subprocess
import sys

from terminals import Terminal, columns

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("BACKSTEP_BIN", os.path.join(ROOT, "build", "release", "bin"))
BACKSTEP = os.path.join(BIN, "backstep")
STEP = f"{shlex.quote(BACKSTEP)} step batch_norm 2>/dev/null"

passed = failed = 0


def check(what, holds, screen=""):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}\n{screen}")


def plain(*arguments, typed=b""):
    return subprocess.run([BACKSTEP, "step", *arguments], input=typed, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120)


def sentences(language="en"):
    """What the plain lines say of each step, in its order."""
    output = plain("batch_norm", "--lang", language).stdout.decode()
    start = r"^step \d+ of \d+: (.*)$" if language == "en" else r"^\d+단계 중 \d+: (.*)$"
    return re.findall(start, output, re.MULTILINE)


def words(text):
    return "".join(text.split())


def says(sentence):
    """Whether a screen shows the whole sentence, wherever its lines break."""
    return lambda screen: words(sentence) in words(screen)


def test_every_step_both_ways(columns_wide, rows, language):
    expected = sentences(language)
    with Terminal(columns_wide, rows) as terminal:
        terminal.run(f"{STEP} --lang {language}")
        for k, sentence in enumerate(expected):
            screen = terminal.wait(says(sentence))
            check(f"{columns_wide}x{rows} {language}: step {k} says its sentence",
                  says(sentence)(screen), screen)
            fits = all(columns(line) <= columns_wide for line in screen.split("\n"))
            check(f"{columns_wide}x{rows} {language}: step {k} fits", fits, screen)
            terminal.keys("n")
        terminal.keys(*["Left"] * (len(expected) - 1))
        screen = terminal.wait(says(expected[0]))
        check(f"{columns_wide}x{rows} {language}: back to the start", says(expected[0])(screen), screen)
        terminal.keys("q")
        check("q leaves", terminal.wait_until(lambda: terminal.ask("alternate_on") == "0"))


def test_resize():
    with Terminal(80, 24) as terminal:
        terminal.run(STEP)
        terminal.wait(lambda s: "step 0 of" in s)
        terminal.keys("g")
        terminal.type("dxmu2")
        terminal.keys("Enter")
        # The screen is drawn from the top: with its last lines it is whole.
        first = terminal.wait(lambda s: "step 20 of" in s and "next ◁" in s and "q quit" in s)
        check("80x24 has the list of stations", "stations" in first, first)
        terminal.resize(40, 12)
        narrow = terminal.wait(lambda s: "step 20 of" in s and "stations" not in s)
        check("40x12 keeps the step", "step 20 of" in narrow and "dxmu2" in narrow, narrow)
        check("40x12 fits", all(columns(line) <= 40 for line in narrow.split("\n")), narrow)
        terminal.resize(120, 40)
        large = terminal.wait(lambda s: "stations" in s and "(4, 3)" in s)
        check("120x40 has room for shapes", "dsq (4, 3)" in large, large)
        terminal.resize(80, 24)
        again = terminal.wait(lambda s: s == first)
        check("80x24 again is the same screen", again == first, again)
        terminal.resize(5, 2)
        terminal.resize(80, 24)
        again = terminal.wait(lambda s: s == first)
        check("after 5x2 the same screen comes back", again == first, again)


def ends(what, end, status):
    """The stepper is ended by end(terminal); the terminal must be as it was."""
    # A line each: a shell drops the rest of a line when an interrupt ends one of its commands.
    with Terminal() as terminal:
        terminal.run("before=$(stty -a)")
        terminal.run(STEP)
        terminal.wait(lambda s: "step 0 of" in s)
        check(f"{what}: it runs full screen", terminal.ask("alternate_on") == "1")
        terminal.keys("n", "p")  # typing shows the cursor; walking hides it
        terminal.wait(lambda s: "Answer" in s)
        terminal.keys("Escape", "n")
        terminal.wait(lambda s: "step 2 of" in s)
        end(terminal)
        terminal.wait_until(lambda: terminal.ask("alternate_on") == "0")
        terminal.run('echo status=$?; test "$before" = "$(stty -a)" && echo same" "settings')
        screen = terminal.wait(lambda s: "same settings" in s)
        check(f"{what}: ends with {status}", f"status={status}" in screen, screen)
        check(f"{what}: the settings are restored", "same settings" in screen, screen)
        check(f"{what}: the screen is restored", terminal.ask("alternate_on") == "0", screen)
        check(f"{what}: the cursor is back", terminal.ask("cursor_flag") == "1", screen)
        check(f"{what}: the keypad is back", terminal.ask("keypad_flag") == "0", screen)


def signal(name):
    def send(terminal):
        shell = terminal.ask("pane_pid")
        children = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", shell],
                                  stdout=subprocess.PIPE).stdout.decode()
        for line in children.splitlines():
            pid, command = line.split(None, 1)
            if command.strip() == "backstep":
                subprocess.run(["kill", "-" + name, pid], check=True)
    return send


def test_suspend():
    with Terminal() as terminal:
        terminal.run(STEP)
        terminal.wait(lambda s: "step 0 of" in s)
        terminal.keys("n")
        first = terminal.wait(lambda s: "step 1 of" in s)
        terminal.keys("C-z")
        stopped = terminal.wait(lambda s: "Stopped" in s)
        check("Ctrl-Z suspends", "Stopped" in stopped, stopped)
        check("Ctrl-Z restores the screen", terminal.ask("alternate_on") == "0")
        terminal.run("fg")
        again = terminal.wait(lambda s: s == first)
        check("fg shows the same screen", again == first, again)
        terminal.keys("n")
        check("... and walks on", "step 2 of" in terminal.wait(lambda s: "step 2 of" in s))


def colors_of(terminal):
    """The colours on the screen, as the codes of ECMA-48."""
    codes = ";".join(re.findall(r"\x1b\[([0-9;]*)m", terminal.screen(colors=True))).split(";")
    kept = ("39", "49")  # the terminal's own
    return {c for c in codes if c.isdigit() and c not in kept
            and (30 <= int(c) <= 48 or 90 <= int(c) <= 107)}


def test_colors():
    for env, wanted in (({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False),
                        ({"TERM": "vt100"}, False)):
        with Terminal(env=env) as terminal:
            terminal.run(STEP)
            terminal.wait(lambda s: "step 0 of" in s)
            terminal.keys("n", "n")
            screen = terminal.wait(lambda s: "step 2 of" in s)
            check(f"{env} steps", "step 2 of" in screen, screen)
            found = terminal.wait_until(lambda: bool(colors_of(terminal)) == wanted)
            check(f"{env}: colours {'are' if wanted else 'are not'} used", found)
            terminal.keys("q")


def test_other_character_sets():
    with Terminal(env={"LC_ALL": "C"}) as terminal:
        terminal.run(STEP)
        screen = terminal.wait(lambda s: "step 0 of" in s)
        check("LC_ALL=C: ASCII alone", screen.isascii() and "o pending" in screen, screen)
        terminal.keys("q")
    with Terminal(env={"TERM": "dumb"}) as terminal:
        terminal.run(f"{STEP} | head -1; out=$({STEP}); echo \"$out\" | tail -1; echo ended")
        screen = terminal.wait(lambda s: "\nended" in s)
        check("TERM=dumb: plain lines", "step 0 of 25" in screen, screen)


def test_plain_lines():
    everything = plain("batch_norm")
    check("no terminal: ends well", everything.returncode == 0)
    check("no terminal: all steps", everything.stdout.count(b"\nstep ") == 25)
    check("no terminal: no escapes", b"\x1b" not in everything.stdout)
    script = plain("batch_norm", "--script", "n n i p q").stdout.decode()
    check("--script: the events", script.count("\nstep ") == 3 or "Inside" in script, script)
    check("--script: same sentence", says(sentences()[2])(script), script)
    typed = plain("batch_norm", "--script", "-", typed=b"n n\nz\np=+\nq\nn\n")
    output = typed.stdout.decode()
    check("--script -: reads lines", "step 2 of" in output and "step 3 of" in output, output)
    check("--script -: q ends it", "step 4 of" not in output, output)
    check("--script -: a mistake is told", '"z" is no key' in output, output)
    wrong = plain("batch_norm", "--script", "n zzz")
    check("a wrong key: status 2, no output", wrong.returncode == 2 and wrong.stdout == b"")
    check("a wrong key is named", b'"zzz" is no key' in wrong.stderr, wrong.stderr.decode())


def main():
    if not os.path.exists(BACKSTEP):
        sys.exit(f"there is no {BACKSTEP}; build it first")
    for size in ((80, 24), (120, 40)):
        for language in ("en", "ko"):
            test_every_step_both_ways(*size, language)
    test_resize()
    ends("q", lambda t: t.keys("q"), 0)
    ends("Ctrl-C", lambda t: t.keys("C-c"), 130)
    ends("SIGTERM", signal("TERM"), 143)
    ends("SIGHUP", signal("HUP"), 129)
    ends("Ctrl-\\", lambda t: t.keys("C-\\"), 131)
    test_suspend()
    test_colors()
    test_other_character_sets()
    test_plain_lines()
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
