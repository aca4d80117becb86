# What has threads. `./dev test` builds the target `threads` with ThreadSanitizer and runs the label of that name.
set(threaded_units
	bot/test_reload_share kb/test_loom kb/test_takers text/test_utterance intents/test_match intents/test_phrase intents/test_regex intents/test_regex_set
	tool/test_crew core/test_log core/test_metrics core/test_record core/test_reload core/test_speech core/test_tally core/test_writer core/test_writer_sign_in net/test_desk)
set(threaded_tests cli/replay wire/desk wire/durability wire/guests wire/learning wire/http wire/protocol wire/reload_storm wire/rules_editor wire/voice wire/staff wire/staff_numbers wire/unanswered)
add_custom_target(threads)
foreach(unit ${threaded_units})
	string(REPLACE "/" "_" target unit_${unit})
	if(TARGET ${target})
		add_dependencies(threads ${target})
		list(APPEND threaded_tests unit/${unit})
	endif()
endforeach()
add_dependencies(threads kefud kefu)
set_tests_properties(${threaded_tests} PROPERTIES LABELS threads)
