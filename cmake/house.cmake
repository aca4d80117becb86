# The house's rules as tests: who may include what, headers that stand alone, sizes, the
# man page beside the table of settings.
add_test(NAME house/includes COMMAND sh ${CMAKE_SOURCE_DIR}/tests/house/includes.sh ${CMAKE_SOURCE_DIR})
add_test(NAME house/headers COMMAND sh ${CMAKE_SOURCE_DIR}/tests/house/headers.sh ${CMAKE_SOURCE_DIR}
	${CMAKE_C_COMPILER})
add_test(NAME house/size COMMAND sh ${CMAKE_SOURCE_DIR}/tests/house/size.sh ${CMAKE_SOURCE_DIR})
add_test(NAME house/man COMMAND sh ${CMAKE_SOURCE_DIR}/tests/house/man.sh ${CMAKE_SOURCE_DIR})
set_tests_properties(house/includes house/headers house/size house/man PROPERTIES TIMEOUT 120)

# The sample's data, rules and conversations, through the kefu command.
if(TARGET kefu)
	add_test(NAME chat/sample COMMAND sh ${CMAKE_SOURCE_DIR}/tests/house/sample.sh ${CMAKE_SOURCE_DIR}
		$<TARGET_FILE:kefu>)
	set_tests_properties(chat/sample PROPERTIES TIMEOUT 300)
endif()
