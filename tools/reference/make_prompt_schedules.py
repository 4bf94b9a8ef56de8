"""packages/vocabulary/fixtures/prompt-schedules.json.gz: what AUTOMATIC1111's prompt language says at which step, its grammar written anew on lark."""

import gzip
import json
import pathlib
import random
import re

import lark

GRAMMAR = r"""
!start: (prompt | /[][():]/+)*
prompt: (emphasized | scheduled | alternate | plain | WHITESPACE)*
!emphasized: "(" prompt ")" | "(" prompt ":" prompt ")" | "[" prompt "]"
scheduled: "[" [prompt ":"] prompt ":" [WHITESPACE] NUMBER [WHITESPACE] "]"
alternate: "[" prompt ("|" [prompt])+ "]"
WHITESPACE: /\s+/
plain: /([^\\\[\]():|]|\\.)+/
%import common.SIGNED_NUMBER -> NUMBER
"""
PARSER = lark.Lark(GRAMMAR)
WEIGHT = re.compile(r"^((?:\s|.)*?)(?:\s*:\s*([-+]?(?:\d+\.?|\d*\.\d+)))?\s*$")


def step_of(number, steps, before):
    value = float(number)
    value = (value - (0 if before is None else 1)) * steps if "." in number else value - (before or 0)
    return min(steps, int(value))


def ends(tree, steps, before):
    found = {steps}
    for node in tree.iter_subtrees():
        if node.data == "scheduled":
            end = step_of(str(node.children[-2]), steps, before)
            if end >= 1:
                found.add(end)
        elif node.data == "alternate":
            found.update(range(1, steps + 1))
    return sorted(found)


def text_at(node, step, steps, before):
    if node is None:
        return ""
    if not isinstance(node, lark.Tree):
        return str(node)
    if node.data == "scheduled":
        first, after, _, when, _ = node.children
        return text_at(first if step <= step_of(str(when), steps, before) else after, step, steps, before)
    if node.data == "alternate":
        return text_at(node.children[(step - 1) % len(node.children)], step, steps, before)
    return "".join(text_at(child, step, steps, before) for child in node.children)


def schedule(prompt, steps, before=None):
    try:
        tree = PARSER.parse(prompt)
    except lark.exceptions.LarkError:
        return [[steps, prompt]]
    return [[end, text_at(tree, end, steps, before)] for end in ends(tree, steps, before)]


def joined(prompt):
    parts = re.split(r"\bAND\b", prompt)
    if len(parts) == 1:
        return [[prompt, 1.0]]
    matches = [WEIGHT.search(part) for part in parts]
    return [[match.group(1), float(match.group(2) or 1)] for match in matches]


PLAIN = ["a cat", "red", " ", ", ", "night sky", "\\(", "\\]", "dog ", "1", "0.5", "x\n", "é", "BREAK", "-3"]
NUMBERS = ["0.5", "5", "0", "1", "12", " 7 ", ".25", "1.0", "-2", "+3", "40", "0.99", "1e1", "2.", "1.5", "25.0"]


def piece(rng, depth):
    kind = rng.random()
    inner = lambda: "".join(piece(rng, depth + 1) for _ in range(rng.choice([0, 1, 1, 2])))
    if kind < 0.4 or depth > 3:
        return rng.choice(PLAIN)
    if kind < 0.5:
        return f"({inner()}{rng.choice(['', ':1.3', ':' + rng.choice(NUMBERS)])})"
    if kind < 0.55:
        return f"[{inner()}]"
    if kind < 0.68:
        return f"[{inner()}:{inner()}:{rng.choice(NUMBERS)}]"
    if kind < 0.75:
        return f"[{inner()}:{rng.choice(NUMBERS)}]"
    if kind < 0.8:
        return f"[{inner()}::{rng.choice(NUMBERS)}]"
    if kind < 0.92:
        return "[" + "|".join(inner() for _ in range(rng.choice([2, 2, 3, 4]))) + "]"
    return rng.choice(["[", "]", "(", ")", ":", " AND ", "|", "\\"])


def prompts():
    yield from ["", "a cat", "a [cat:dog:0.5]", "a [dog:10]", "a [cat::10]", "[cow|horse] in a field", "[a:[b:c:5]:10]", "[a|[b:c:4]|d]", "[:b:3]", "[a:b:c]", "[a:b:c:5]", "[[a:b:3]", "[a:b:3]]", "(a:[b|c]:3)", "a | b", "tail \\", "[a:b:5\n]", "[a|b", "ratio [16:9", "[a:b: 0.5 ]", "[ a : b :3]", "[::3]", "[:3]", "[3]", "[a|]", "[|a]", "[|]"]
    rng = random.Random(17)
    for _ in range(500):
        yield "".join(piece(rng, 0) for _ in range(rng.choice([1, 2, 3, 4])))


def make():
    cases = []
    for i, prompt in enumerate(prompts()):
        steps, before = [(20, None), (7, None), (30, None), (12, 20)][i % 4]
        cases.append([prompt, steps, before, schedule(prompt, steps, before)])
    joins = ["a AND b", "a :1.2 AND b:0.5", "a cat AND a dog : -1 AND", "SAND AND sand:.5", "a:1.3", " x :2. AND [a:b:0.5]:0.8 ", "AND", "a AND (b:1.2)", "a :1:2 AND b", "x AND y AND z:+3"]
    content = {"command": "python tools/reference/make_prompt_schedules.py", "lark": lark.__version__, "schedules": cases, "joined": [[prompt, joined(prompt)] for prompt in joins]}
    path = pathlib.Path(__file__).resolve().parents[2] / "packages/vocabulary/fixtures/prompt-schedules.json.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), mtime=0))
    print(len(cases), "prompts,", sum(len(c[3]) > 1 for c in cases), "with more than one text,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    make()
