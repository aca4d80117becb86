#include "kb/price.h"

#include <math.h>

static bool read_amount(struct str text, double *out)
{
	double n;

	if (!str_to_double(text, &n) || !(n >= 0) || isinf(n))
		return false;
	*out = n;
	return true;
}

static bool read_bounds(struct str text, double *min, double *max)
{
	size_t dash = str_find(text, STR("-"), 0);

	*min = 0;
	*max = -1;
	if (dash == SIZE_MAX)
		return read_amount(text, max);
	if (!read_amount(str_sub(text, 0, dash), min))
		return false;
	return dash + 1 == text.n || read_amount(str_sub(text, dash + 1, text.n), max);
}

bool price_narrow(struct price_range *r, struct str text)
{
	double min, max;

	if (str_eq(text, STR("cheap")) || str_eq(text, STR("cheaper"))) {
		r->cheap = true;
		r->cheaper |= str_eq(text, STR("cheaper"));
		return true;
	}
	if (!read_bounds(text, &min, &max))
		return false;
	if (min > r->min)
		r->min = min;
	if (max >= 0 && (r->max < 0 || max < r->max))
		r->max = max;
	return true;
}

double price_distance(double min, double max, double price)
{
	if (price < 0)
		return INFINITY;
	if (price < min)
		return min - price;
	return max >= 0 && price > max ? price - max : 0;
}
