/* zone_read over any bytes, and hours over what they say: offsets stay within two days, at any time. */
#include "fuzz/fuzz.h"

#include "text/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t times[] = {
		INT64_C(-62135596800), -1, 0, 1772333999, INT64_C(4102444800),
		INT64_C(253402300799)};
	struct arena a;
	struct zone z;

	arena_init(&a);
	if (zone_read(&a, (struct str){(const char *)data, size}, &z) ||
	    zone_fixed((struct str){(const char *)data, size}, &z)) {
		for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
			int32_t offset = zone_offset(&z, times[i]);

			HOLDS(offset > -8 * 86400 && offset < 8 * 86400);
		}
	}
	arena_done(&a);
	return 0;
}
