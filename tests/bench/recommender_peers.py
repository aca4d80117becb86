#!/usr/bin/env python3
"""What makers of neighbours in Python take: recommender_peers.py FOLDER NEAR PEER SHARE SEED. Prints seconds by the clock for
all items on two processors, from the SHARE of them that was done. Run by recommender_bench.py with Debian's python3."""
import multiprocessing
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "2"
import numpy  # noqa: E402
import scipy.sparse  # noqa: E402

folder, near, peer, share, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4]), int(sys.argv[5])
start = numpy.fromfile(os.path.join(folder, "start.u32"), dtype=numpy.uint32).astype(numpy.int64)
item = numpy.fromfile(os.path.join(folder, "item.u32"), dtype=numpy.uint32).astype(numpy.int32)
items = int(item.max()) + 1
a = scipy.sparse.csr_matrix((numpy.ones(len(item), dtype=numpy.float32), item, start), shape=(len(start) - 1, items))
rows = numpy.sort(numpy.random.default_rng(seed).permutation(items)[:max(1, round(items * share))])
shared = {}  # what the two processes see without copying


def scipy_block(first):
    """The nearest of each of 250 rows of A^T A."""
    block, best_of = shared["t"][first:first + 250] @ shared["b"], []
    for r in range(block.shape[0]):
        v = block.data[block.indptr[r]:block.indptr[r + 1]]
        if len(v) > near:
            best = numpy.argpartition(-v, near)[:near]
            best_of.append(block.indices[block.indptr[r]:block.indptr[r + 1]][best[numpy.argsort(-v[best])]])
    return len(best_of)


def scipy_rows():
    """A^T A of columns of length 1. Blocks of rows are handed out as the processes get ready."""
    norm = 1 / numpy.sqrt(numpy.maximum(1, numpy.bincount(item, minlength=items))).astype(numpy.float32)
    shared["b"] = a @ scipy.sparse.diags(norm)
    shared["t"] = shared["b"].T.tocsr()[rows]
    yield
    with multiprocessing.get_context("fork").Pool(2) as pool:
        sum(pool.imap_unordered(scipy_block, range(0, len(rows), 250)))
    yield


def nearest_rows(metric):
    from sklearn.neighbors import NearestNeighbors
    t = a.T.tocsr()
    n = NearestNeighbors(n_neighbors=near, metric=metric, algorithm="brute", n_jobs=2).fit(t)
    yield
    n.kneighbors(t[rows])
    yield


work = scipy_rows() if peer == "scipy" else nearest_rows(peer)
begun = time.monotonic()
next(work)
ready = time.monotonic()
next(work)
print(ready - begun + (time.monotonic() - ready) * items / len(rows))
