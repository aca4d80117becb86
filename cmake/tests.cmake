# Every tests/unit/<layer>/test_<module>.c is a program of its own that links its layer and those
# below, and nothing above.
foreach(layer text intents kb bot web core net tool)
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
