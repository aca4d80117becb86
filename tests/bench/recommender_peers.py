#!/usr/bin/env python3
"""What makers of neighbours in Python take: recommender_peers.py FOLDER NEAR PEER SHARE. Prints processor seconds for
all items, from the SHARE of them that was done. Run by recommender_bench.py with Debian's python3."""
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import numpy  # noqa: E402
import scipy.sparse  # noqa: E402

folder, near, peer, share = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
start = numpy.fromfile(os.path.join(folder, "start.u32"), dtype=numpy.uint32).astype(numpy.int64)
item = numpy.fromfile(os.path.join(folder, "item.u32"), dtype=numpy.uint32).astype(numpy.int32)
items = int(item.max()) + 1
a = scipy.sparse.csr_matrix((numpy.ones(len(item), dtype=numpy.float32), item, start), shape=(len(start) - 1, items))
rows = numpy.arange(0, items, max(1, round(1 / share)))


def scipy_rows():
    """A^T A of columns of length 1, row blocks, the nearest of each row."""
    norm = 1 / numpy.sqrt(numpy.maximum(1, numpy.bincount(item, minlength=items))).astype(numpy.float32)
    b = a @ scipy.sparse.diags(norm)
    t = b.T.tocsr()
    yield
    t = t[rows]
    for i in range(0, t.shape[0], 1000):
        block = t[i:i + 1000] @ b
        for r in range(block.shape[0]):
            v = block.data[block.indptr[r]:block.indptr[r + 1]]
            if len(v) > near:
                best = numpy.argpartition(-v, near)[:near]
                block.indices[block.indptr[r]:block.indptr[r + 1]][best[numpy.argsort(-v[best])]]
    yield


def nearest_rows(metric):
    from sklearn.neighbors import NearestNeighbors
    t = a.T.tocsr()
    n = NearestNeighbors(n_neighbors=near, metric=metric, algorithm="brute", n_jobs=1).fit(t)
    yield
    n.kneighbors(t[rows])
    yield


work = scipy_rows() if peer == "scipy" else nearest_rows(peer)
begun = time.process_time()
next(work)
ready = time.process_time()
next(work)
print(ready - begun + (time.process_time() - ready) * items / len(rows))
