# ROWS (path=file) -> OUT_DIR/asset_table.c and the gzip files it includes.

set(types
	html=text/html css=text/css js=text/javascript mjs=text/javascript ts=text/plain json=application/json svg=image/svg+xml png=image/png)

function(type_of file out)
	get_filename_component(suffix "${file}" LAST_EXT)
	string(SUBSTRING "${suffix}" 1 -1 suffix)
	list(FILTER types INCLUDE REGEX "^${suffix}=")
	if(NOT types)
		message(FATAL_ERROR "${file}: no media type known for '${suffix}'; add it in cmake/asset_table.cmake")
	endif()
	string(REGEX REPLACE "^[^=]*=" "" type "${types}")
	if(type MATCHES "^text/|json|svg")
		string(APPEND type "; charset=utf-8")
	endif()
	set(${out} "${type}" PARENT_SCOPE)
endfunction()

set(bytes "")
set(table "")
set(number 0)
foreach(row ${ROWS})
	string(REGEX MATCH "^([^=]*)=(.*)$" _ "${row}")
	set(path "${CMAKE_MATCH_1}")
	get_filename_component(file "${CMAKE_MATCH_2}" ABSOLUTE BASE_DIR ${SOURCE_DIR})
	set(packed ${OUT_DIR}/${number}.gz)
	execute_process(COMMAND ${GZIP} -9 -n -c ${file} OUTPUT_FILE ${packed} RESULT_VARIABLE failed)
	if(failed)
		message(FATAL_ERROR "gzip of ${file} failed: ${failed}")
	endif()
	file(SHA256 ${file} sum)
	string(SUBSTRING ${sum} 0 20 tag)
	type_of(${file} type)
	file(SIZE ${file} plain_size)
	file(SIZE ${packed} packed_size)
	string(APPEND bytes "BYTES(plain_${number}, \"${file}\");\n")
	if(packed_size LESS plain_size)
		string(APPEND bytes "BYTES(gzip_${number}, \"${packed}\");\n")
		set(gzip "gzip_${number}, ${packed_size}")
	else()
		set(gzip "NULL, 0")
	endif()
	string(APPEND table "\t{\"${path}\", \"${type}\", plain_${number}, ${plain_size}, ${gzip},\n"
		"\t \"\\\"${tag}\\\"\"},\n")
	math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUT_DIR}/asset_table.c "/* Made by cmake/asset_table.cmake. */
#include \"web/assets.h\"

#define BYTES(name, file)                                                                          \\
	__asm__(\".pushsection .rodata\\n\"                                                          \\
		\".balign 16\\n\" #name \":\\n\"                                                       \\
		\".incbin \\\"\" file \"\\\"\\n\"                                                      \\
		\".byte 0\\n\"                                                                           \\
		\".popsection\\n\");                                                                     \\
	extern const unsigned char name[] __attribute__((visibility(\"hidden\")))

${bytes}
const struct asset asset_table[] = {
${table}};
const size_t asset_count = sizeof(asset_table) / sizeof(asset_table[0]);
")
