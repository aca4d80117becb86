# Every tests/unit/<layer>/test_<module>.c is a program of its own that links its layer and those
# below, and nothing above.
foreach(layer text intents kb bot web core net)
	file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${layer}/test_*.c)
	foreach(source ${tests})
		get_filename_component(name ${source} NAME_WE)
		add_executable(unit_${layer}_${name} ${source})
		target_link_libraries(unit_${layer}_${name} PRIVATE ${layer} PkgConfig::cmocka)
		target_include_directories(unit_${layer}_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
		target_compile_definitions(unit_${layer}_${name} PRIVATE KEFU_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
		add_test(NAME unit/${layer}/${name} COMMAND unit_${layer}_${name}
			WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
		set_tests_properties(unit/${layer}/${name} PROPERTIES TIMEOUT 120)
	endforeach()
endforeach()

# Every tests/fuzz/fuzz_<name>.c has inputs in tests/fuzz/corpus/<name>/, run as an ordinary test. With
# KEFU_FUZZ (preset fuzz, clang) the program is libFuzzer's: build/fuzz/fuzz_json -max_total_time=60
# NEW_FOLDER tests/fuzz/corpus/json. Those of tests/fuzz/net/ link the network layer, too.
function(fuzz_target source library)
	get_filename_component(name ${source} NAME_WE)
	string(REPLACE "fuzz_" "" corpus ${name})
	add_executable(${name} ${source})
	target_link_libraries(${name} PRIVATE ${library})
	if(KEFU_FUZZ)
		target_link_options(${name} PRIVATE -fsanitize=fuzzer)
		set(options -runs=0)
	else()
		target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/main.c)
	endif()
	add_test(NAME fuzz/${corpus}
		COMMAND ${name} ${options} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${corpus})
	set_tests_properties(fuzz/${corpus} PROPERTIES TIMEOUT 120)
endfunction()

file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_*.c)
foreach(source ${fuzzers})
	fuzz_target(${source} core)
endforeach()
file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/net/fuzz_*.c)
foreach(source ${fuzzers})
	fuzz_target(${source} net)
endforeach()
