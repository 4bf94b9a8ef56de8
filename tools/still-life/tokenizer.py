"""A tokenizer in CLIP's format (vocab.json, merges.txt) whose merges make each known word one token.

Other words fall apart into letters, as byte-pair encoding does (Sennrich et al. 2016).
"""

import json
from pathlib import Path

from captions import vocabulary

LENGTH = 77
START, END = '<|startoftext|>', '<|endoftext|>'


def letters():
    """CLIP's printable stand-ins for the 256 bytes, in its order."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in visible]
    return [chr(b) for b in visible] + [chr(256 + i) for i in range(len(hidden))]


def learn_merges(words):
    """Merges the commonest neighbours until every word is whole; replaying them in order whole words come out again."""
    split = [[*w[:-1], w[-1] + '</w>'] for w in words]
    merges = []
    while True:
        counts = {}
        for s in split:
            for pair in zip(s, s[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            return merges
        best = max(sorted(counts), key=counts.get)
        merges.append(best)
        for s in split:
            i = 0
            while i < len(s) - 1:
                if (s[i], s[i + 1]) == best:
                    s[i:i + 2] = [s[i] + s[i + 1]]
                i += 1


def write_tokenizer(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    merges = learn_merges(vocabulary())
    tokens = [*letters(), *(c + '</w>' for c in letters()), *dict.fromkeys(a + b for a, b in merges), START, END]
    (folder / 'vocab.json').write_text(json.dumps({t: i for i, t in enumerate(tokens)}, ensure_ascii=False))
    (folder / 'merges.txt').write_text('#version: 0.2\n' + ''.join(f'{a} {b}\n' for a, b in merges))
    special = {'bos_token': START, 'eos_token': END, 'unk_token': END, 'pad_token': END}
    config = {**special, 'tokenizer_class': 'CLIPTokenizer', 'model_max_length': LENGTH, 'do_lower_case': True,
              'add_prefix_space': False, 'errors': 'replace'}
    (folder / 'tokenizer_config.json').write_text(json.dumps(config, indent=2))
    (folder / 'special_tokens_map.json').write_text(json.dumps(special, indent=2))
    return len(tokens)


def load_tokenizer(folder):
    from transformers import CLIPTokenizer
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    return lambda texts: tokenizer(texts, padding='max_length', truncation=True, max_length=LENGTH, return_tensors='pt').input_ids
