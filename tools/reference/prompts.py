"""AUTOMATIC1111's prompt language as far as it is supported: emphasis, BREAK, chunks of 75 tokens. Written anew, character by character."""

import re

import torch

NUMBER = re.compile(r":\s*([+-]?[.\d]+)\s*\)")


def parse(prompt):
    """[text, weight] pairs; BREAK is ["BREAK", -1]."""
    spans, rounds, squares, plain = [], [], [], ""

    def flush():
        nonlocal plain
        for i, part in enumerate(re.split(r"\s*\bBREAK\b\s*", plain)) if plain else []:
            if i > 0:
                spans.append(["BREAK", -1])
            spans.append([part, 1.0])
        plain = ""

    def scale(start, factor):
        for span in spans[start:]:
            span[1] *= factor

    i = 0
    while i < len(prompt):
        c = prompt[i]
        number = NUMBER.match(prompt, i)
        if c == "\\":
            flush()
            escaped = prompt[i + 1 : i + 2] in ("(", ")", "[", "]", "\\") and prompt[i + 1 : i + 2] != ""
            spans.append([prompt[i + 1] if escaped else "", 1.0])
            i += 2 if escaped else 1
            continue
        if c in "([":
            flush()
            (rounds if c == "(" else squares).append(len(spans))
        elif number and rounds:
            flush()
            scale(rounds.pop(), float(number.group(1)))
            i = number.end()
            continue
        elif c == ")" and rounds:
            flush()
            scale(rounds.pop(), 1.1)
        elif c == "]" and squares:
            flush()
            scale(squares.pop(), 1 / 1.1)
        elif c in ")]:":
            flush()
            spans.append([c, 1.0])
        else:
            plain += c
        i += 1
    flush()
    for start in rounds:
        scale(start, 1.1)
    for start in squares:
        scale(start, 1 / 1.1)
    merged = []
    for text, weight in spans or [["", 1.0]]:
        if merged and merged[-1][1] == weight:
            merged[-1][0] += text
        else:
            merged.append([text, weight])
    return merged


def chunks(prompt, tokenizer, pad):
    """Lists of 77 (token, weight)."""
    comma = tokenizer.get_vocab().get(",</w>")
    start, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    done, current, last_comma = [], [], -1

    def close():
        nonlocal current, last_comma
        done.append([(start, 1.0), *current, (end, 1.0), *[(pad, 1.0)] * (75 - len(current))])
        current, last_comma = [], -1

    for text, weight in parse(prompt):
        if text == "BREAK" and weight == -1:
            close()
            continue
        for token in tokenizer(text, add_special_tokens=False).input_ids:
            if token == comma:
                last_comma = len(current)
            elif len(current) == 75 and last_comma != -1 and len(current) - last_comma <= 20:
                moved, current = current[last_comma + 1 :], current[: last_comma + 1]
                close()
                current = moved
            if len(current) == 75:
                close()
            current.append((token, weight))
    if current or not done:
        close()
    return done


def emphasised(hidden, weights):
    """sd_emphasis.py, "Original"."""
    before = hidden.mean()
    hidden = hidden * torch.tensor(weights).reshape(1, -1, 1)
    return hidden * (before / hidden.mean())


def encode(prompt, encoder, tokenizer, pad, layer):
    """[1, 77k, d] and the first chunk's pooled output; layer(outputs) picks the hidden state."""
    parts, pooled = [], None
    for chunk in chunks(prompt, tokenizer, pad):
        outputs = encoder(torch.tensor([[token for token, _ in chunk]]), output_hidden_states=True)
        parts.append(emphasised(layer(encoder, outputs), [weight for _, weight in chunk]))
        pooled = getattr(outputs, "text_embeds", None) if pooled is None else pooled
    return torch.cat(parts, 1), pooled
