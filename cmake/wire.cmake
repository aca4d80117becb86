# A real kefud, spoken to byte by byte: tests/wire/test_<topic>.py (python3, standard library only).
find_program(PYTHON3 python3 REQUIRED)
file(GLOB wire_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/wire/test_*.py)
foreach(source ${wire_tests})
	get_filename_component(name ${source} NAME_WE)
	string(REPLACE "test_" "" name ${name})
	add_test(NAME wire/${name} COMMAND ${PYTHON3} -m unittest -q test_${name}
		WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/wire)
	set_tests_properties(wire/${name} PROPERTIES TIMEOUT 600
		ENVIRONMENT "KEFU_BUILD=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
endforeach()

# The kefu command as people use it.
foreach(name analyse check kefu replay staff strangers vectors)
	add_test(NAME cli/${name} COMMAND ${PYTHON3} -m unittest -q test_${name}
		WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/cli)
	set_tests_properties(cli/${name} PROPERTIES TIMEOUT 600
		ENVIRONMENT "KEFU_BUILD=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
endforeach()
