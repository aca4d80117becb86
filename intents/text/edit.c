#include "text/edit.h"

int edit_distance(struct str a, struct str b, int max)
{
	int rows[3][EDIT_WORD_MAX + 1];
	int *before = rows[0], *last = rows[1], *row = rows[2];

	if (a.n > EDIT_WORD_MAX || b.n > EDIT_WORD_MAX)
		return max + 1;
	for (size_t j = 0; j <= b.n; j++)
		last[j] = (int)j;
	for (size_t i = 1; i <= a.n; i++) {
		int *spare = before, least;

		least = row[0] = (int)i;
		for (size_t j = 1; j <= b.n; j++) {
			int best = last[j - 1] + (a.p[i - 1] != b.p[j - 1]);

			best = last[j] + 1 < best ? last[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
			least = best < least ? best : least;
		}
		if (least > max)
			return max + 1;
		before = last;
		last = row;
		row = spare;
	}
	return last[b.n] > max ? max + 1 : last[b.n];
}
