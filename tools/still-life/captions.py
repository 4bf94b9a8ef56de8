"""Puts scenes into words, in many wordings and orders, so that a prompt need not follow one pattern."""

from palette import BACKGROUNDS, COLOURS
from subjects_more import SUBJECTS

SYNONYMS = {
    'mushroom': ['toadstool'], 'smiling face': ['smiley face', 'smiley'], 'clown face': ['clown', 'clown face'],
    'cherry': ['cherries', 'cherry'], 'banana': ['banana'], 'house': ['home', 'house'],
    'grey': ['gray'], 'purple': ['violet'],
}
# what is meant where no colour is named; the other subjects have no usual one
NATURAL = {'strawberry': 'red', 'apple': 'red', 'lemon': 'yellow', 'pear': 'green', 'banana': 'yellow', 'cherry': 'red', 'mushroom': 'red',
           'cactus': 'green', 'cupcake': 'pink', 'fish': 'orange', 'smiling face': 'yellow', 'clown face': 'red'}
PHOTO = ['photo', 'photo', 'photo', 'photograph', 'picture', 'realistic photo', 'studio photo', 'close up photo']
DRAWING = ['drawing', 'drawing', 'drawing', 'sketch', 'scribble', 'cartoon', 'flat drawing', 'painting']
PRAISE = ['high quality', 'detailed', 'beautiful', 'soft light', 'sharp', 'realistic']
# words of everyday prompts that the model has no picture for: it learns to look past them
STRANGERS = ('table dog cat car tree robot portrait of king castle mountain style art masterpiece city water sky sun '
             'epic cinematic fantasy man woman girl wooden fresh juicy tasty nice old new cute funny garden kitchen').split()


def article(words):
    return ('an ' if words[0] in 'aeiou' else 'a ') + words


def say(word, rng):
    return SYNONYMS[word][rng.integers(len(SYNONYMS[word]))] if word in SYNONYMS and rng.random() < 0.12 else word


def noun(thing, rng, keep_colour=0.75):
    """('red apple', ...) with now and then a size word, or no colour where the thing has its usual one."""
    words = [say(thing['subject'], rng)]
    usual = NATURAL.get(thing['subject'], thing['colour']) == thing['colour']
    if not usual or rng.random() < keep_colour:
        words.insert(0, say(thing['colour'], rng))
    if thing['r'] > 40 and rng.random() < 0.25:
        words.insert(0, 'large' if rng.random() < 0.5 else 'big')
    if thing['r'] < 27 and rng.random() < 0.2:
        words.insert(0, 'small')
    return ' '.join(words)


def place(thing, rng):
    if rng.random() > 0.12:
        return ''
    if abs(thing['x'] - 64) > 16:
        return ' on the left' if thing['x'] < 64 else ' on the right'
    if abs(thing['y'] - 64) > 16:
        return ' at the top' if thing['y'] < 64 else ' at the bottom'
    return ' in the middle'


def caption(scene, rng, things=None):
    """One caption for a scene as dataset.py stores it, naming `things`, or all and now and then one of two."""
    medium = (PHOTO if scene['style'] == 'photo' else DRAWING)
    medium = medium[rng.integers(len(medium))]
    if things is None:
        things = scene['things']
        if len(things) == 2 and rng.random() < 0.4:
            things = [things[rng.integers(2)]]  # as a prompt for repainting one of the two does
    named = [article(noun(t, rng)) + place(t, rng) for t in things]
    if len(named) == 2 and rng.random() < 0.5:
        named.reverse()
    what = ' and '.join(named)
    ground = say(scene['background'], rng)
    form = rng.random()
    if form < 0.55:
        text = f'{article(medium)} of {what} on {article(ground)} background'
    elif form < 0.70:
        text = f'{article(medium)} of {what}'
    elif form < 0.78:
        text = f'{medium} of {what}, {ground} background'
    elif form < 0.84:
        text = f'{what}, {ground} background, {medium}'
    elif form < 0.90:
        text = f'{what} on {ground}, {medium}'
    elif form < 0.95:
        text = f'{article(medium)} with {article(ground)} background and {what}'
    elif form < 0.97 and scene['style'] == 'photo':
        text = what  # without a medium a photo is meant
    else:
        text = f'{what.removeprefix("a ").removeprefix("an ")} {medium}'
    if rng.random() < 0.06:
        text = f'{text}, {PRAISE[rng.integers(len(PRAISE))]}'
    if rng.random() < 0.06:
        words = text.split()
        words.insert(rng.integers(len(words) + 1), STRANGERS[rng.integers(len(STRANGERS))])
        text = ' '.join(words)
    return text


def vocabulary():
    """Every word that the model has learned the meaning of, sorted."""
    text = ' '.join([*SUBJECTS, *COLOURS, *BACKGROUNDS, *PHOTO, *DRAWING, *PRAISE, *SYNONYMS,
                     *(s for many in SYNONYMS.values() for s in many),
                     'a an of on and with background the left right top bottom middle in at large big small , .'])
    return sorted(set(text.split()))
