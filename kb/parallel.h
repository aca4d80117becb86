/* The same work on several threads. What comes out must not depend on which thread did what. */
#ifndef KB_PARALLEL_H
#define KB_PARALLEL_H

/* Processors this program may use, 1..8. */
unsigned parallel_cores(void);

/* work(ctx, 0) .. work(ctx, threads - 1), all at once, the first on the caller's thread; returns when
 * all have. Where no thread can be had, one after the other. */
void parallel_run(unsigned threads, void (*work)(void *ctx, unsigned thread), void *ctx);

#endif
