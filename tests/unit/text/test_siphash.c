#include "unit/unit.h"

#include "text/siphash.h"

/* The key 00 01 … 0f and inputs 00 01 02 …: appendix A of the paper (15 bytes), and vectors.h of its authors'
 * reference implementation (0, 1, 7, 8, 63 bytes). */
static void the_published_vectors_come_out(void **state)
{
	static const struct {
		size_t n;
		uint64_t hash;
	} rows[] = {
		{0, 0x726fdb47dd0e0e31}, {1, 0x74f839c593dc67fd},  {7, 0xab0200f58b01d137},
		{8, 0x93f5f5799a932462}, {15, 0xa129ca6149be45e5}, {63, 0x958a324ceb064572},
	};
	const struct siphash_key key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
	char bytes[64];

	(void)state;
	for (int i = 0; i < 64; i++)
		bytes[i] = (char)i;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(siphash(key, (struct str){bytes, rows[i].n}) == rows[i].hash);
	assert_true(siphash(key, STR_NONE) == rows[0].hash);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_published_vectors_come_out)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
