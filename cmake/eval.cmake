# Accuracy on public sets, where they are at hand (tests/eval/*.sh say how to name their folder).
if(TARGET kefu AND NOT KEFU_SANITIZE)
	add_test(NAME eval/intents COMMAND sh ${CMAKE_SOURCE_DIR}/tests/eval/intents.sh $<TARGET_FILE:kefu>
		${CMAKE_SOURCE_DIR})
	set_tests_properties(eval/intents PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
	add_test(NAME eval/recommender COMMAND sh ${CMAKE_SOURCE_DIR}/tests/eval/recommender.sh
		$<TARGET_FILE:kefu> ${CMAKE_SOURCE_DIR})
	set_tests_properties(eval/recommender PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()
