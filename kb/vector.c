#include "kb/vector.h"

#include <math.h>

static bool separates(char c)
{
	return c == ' ' || c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r';
}

static struct str next_number(struct str *rest)
{
	size_t from = 0, to;
	struct str out;

	while (from < rest->n && separates(rest->p[from]))
		from++;
	for (to = from; to < rest->n && !separates(rest->p[to]);)
		to++;
	out = str_sub(*rest, from, to);
	*rest = str_sub(*rest, to, rest->n);
	return out;
}

static int read_numbers(struct str rest, float *v, size_t *dim, struct err *err)
{
	struct str one;

	while ((one = next_number(&rest)).n) {
		double number;

		if (*dim == VECTOR_DIM_MAX)
			return err_set(err, ERR_INVALID,
				       "a vector has at most %d numbers; this one has more",
				       VECTOR_DIM_MAX);
		if (!str_to_double(one, &number) || !(fabs(number) <= 1e30))
			return err_set(err, ERR_INVALID,
				       "number %zu of the vector, '%.*s', is not a number",
				       *dim + 1, (int)(one.n < 40 ? one.n : 40), one.p);
		v[(*dim)++] = (float)number;
	}
	return 0;
}

static struct str unwrap(struct str text)
{
	text = str_trim(text);
	if (text.n > 1 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = str_sub(text, 1, text.n - 1);
	return text;
}

double vector_length(const float *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)v[i] * (double)v[i];
	return sqrt(sum);
}

int vector_read(struct arena *a, struct str text, struct vector *out, struct err *err)
{
	size_t most = text.n / 2 + 1, dim = 0;
	double length;
	float *v;
	int rc;

	if (text.n > VECTOR_TEXT_MAX)
		return err_set(err, ERR_INVALID, "a vector of %zu bytes; at most %d are allowed",
			       text.n, VECTOR_TEXT_MAX);
	v = ARENA_ARRAY(a, float, most < VECTOR_DIM_MAX ? most : VECTOR_DIM_MAX);
	rc = read_numbers(unwrap(text), v, &dim, err);
	if (rc < 0)
		return rc;
	length = vector_length(v, dim);
	if (!(length > 1e-30))
		return err_set(err, ERR_INVALID,
			       dim ? "all numbers of the vector are 0: it points nowhere"
				   : "the vector is empty; give its numbers");
	for (size_t i = 0; i < dim; i++)
		v[i] = (float)((double)v[i] / length);
	*out = (struct vector){v, dim};
	return 0;
}

bool vector_name_valid(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_'))
			return false;
	}
	return name.n > 0 && name.n <= VECTOR_NAME_MAX;
}
