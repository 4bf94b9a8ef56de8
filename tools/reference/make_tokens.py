"""tokens.json.gz and clip-merges.txt.gz: CLIP's merges, and what transformers' CLIP tokenizer makes of many kinds of prompts."""

import gzip
import json
import pathlib
import random
import tempfile
import unicodedata

import clip
import transformers
from clip.simple_tokenizer import bytes_to_unicode
from tokenizers.normalizers import NFC
from transformers import CLIPTokenizer

import store

random.seed(20)
WORDS = """a photo of the strawberry castle oil painting masterpiece ultra-detailed 8k octane render trending artstation portrait woman's
knight dragon don't it's they're we'll i'd cyberpunk neon bokeh 35mm f/1.8 cinematic lighting intricate greg rutkowski alphonse mucha
antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis hyper-realistic watercolor 3d 1990s @artist #tag C++ e=mc² café
naïve coöperate über straße İstanbul ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ Жуковский москва 東京タワー 渋谷 서울 مدينة ירושלים กรุงเทพ हिन्दी தமிழ் ½ ① Ⅷ ﬁne ǅ ẞ""".split()
MARKS = [",", ", ", ".", "...", "!", "?!", ":", ";", " - ", "—", "(", ")", "((", "))", "[", "]", "{", "}", "|", "/", "\\", "\\(", '"', "'", "`", "~", "*", "&&", "%", "$", "€", "^", "_", "__", "<", ">", "<|", "|>", "<|endoftext|>", "<|startoftext|>", " BREAK ", " AND ", ":1.2)", "…", "“", "”", "‘s", "’s", "«", "•", "™", "©"]
EMOJI = ["🍓", "👩‍🚀", "🏳️‍🌈", "👍🏽", "🇯🇵", "❤️", "☃", "🧑‍🤝‍🧑", "✨", "🔥🔥", "1️⃣"]
SPACES = [" ", "  ", "\n", "\t", "\r\n", " ", "　", " ", "​", "\n\n  "]


def sentence():
    parts = []
    for _ in range(random.randint(1, 30)):
        kind = random.random()
        if kind < 0.7:
            word = random.choice(WORDS)
            parts.append(random.choice([word, word, word, word.upper(), word.title(), word[::-1]]))
        elif kind < 0.85:
            parts.append(random.choice(MARKS))
        elif kind < 0.9:
            parts.append(random.choice(EMOJI))
        else:
            parts.append(str(random.choice([7, 42, 1999, 3.14, "10,000", "0x1F", "٣٤", "１２"])))
        parts.append(random.choice(SPACES) if random.random() < 0.2 else " " if random.random() < 0.8 else "")
    return "".join(parts)


def assigned(low, high):
    return [chr(c) for c in range(low, high) if unicodedata.category(chr(c)) not in ("Cs", "Cn", "Co")]


def prompts():
    yield from ["", " ", "\n", "a", "A", "'", "''", "'s", "'S 'T 'RE", "don't DON'T", "a" * 500, "ab" * 200, "🍓" * 60, "," * 80, "x" + " " * 300 + "y"]
    letters = assigned(0x20, 0x3000) + assigned(0xA000, 0xAC40) + assigned(0xF900, 0x10000) + assigned(0x1F300, 0x1FAFF) + assigned(0x1D400, 0x1D7FF)
    for i in range(0, len(letters), 60):
        yield "".join(letters[i : i + 60])
        yield " ".join(letters[i : i + 60 : 2])
    for form in ("NFC", "NFD", "NFKD"):
        for word in WORDS:
            yield unicodedata.normalize(form, word)
    for _ in range(120):
        yield "".join(chr(random.choice([random.randint(0, 0x17F), random.randint(0x300, 0x36F), random.randint(0x4E00, 0x9FFF), random.randint(0x1F300, 0x1FAFF)])) for _ in range(random.randint(1, 40)))
    for _ in range(500):
        yield sentence()


def is_settled(prompt):
    """Whether the normal form is that of today's Unicode: the library orders marks that came after its tables otherwise."""
    return NFC().normalize_str(prompt) == unicodedata.normalize("NFC", prompt)


def merges():
    path = pathlib.Path(clip.__file__).parent / "bpe_simple_vocab_16e6.txt.gz"
    return gzip.open(path, "rt", encoding="utf-8").read().split("\n")[1 : 49152 - 256 - 2 + 1]


def make():
    pairs = merges()
    data = ("\n".join(pairs) + "\n").encode()
    with open(store.FOLDER.parents[2] / "checkpoints/assets/clip-merges.txt.gz", "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as zipped:
        zipped.write(data)
    symbols = list(bytes_to_unicode().values())
    vocab = symbols + [s + "</w>" for s in symbols] + ["".join(p.split()) for p in pairs] + ["<|startoftext|>", "<|endoftext|>"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "vocab.json").write_text(json.dumps({t: i for i, t in enumerate(vocab)}))
        (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(pairs) + "\n")
        tokenizer = CLIPTokenizer.from_pretrained(folder)
        cases = [[p, tokenizer(p, add_special_tokens=False).input_ids] for p in prompts() if is_settled(p)]
    print(len(cases), "prompts")
    store.write("tokens", {"transformers": transformers.__version__, "cases": cases})


if __name__ == "__main__":
    make()
