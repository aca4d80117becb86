/* Counters and gauges, one table (metrics.tbl), printed as Prometheus text 0.0.4, with what the process uses
 * of the machine. Atomic: any thread. */
#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include <stdint.h>

#include "text/buf.h"

enum metric {
#define METRIC(id, type, name, help) METRIC_##id,
#include "metrics.tbl"
#undef METRIC
	METRIC_COUNT
};

void metric_add(enum metric m, int64_t by);
void metric_set(enum metric m, int64_t value);
int64_t metric_get(enum metric m);

/* Latency of turns, a histogram in microseconds (kefu_turn_seconds). */
void metric_turn_us(double us);

void metrics_print(struct buf *out);

#endif
