# The widget in a real Chromium. npm's packages go into the build folder; see tests/browser/run.sh.
add_test(NAME browser/widget COMMAND ${CMAKE_SOURCE_DIR}/tests/browser/run.sh ${CMAKE_BINARY_DIR})
set_tests_properties(browser/widget PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 1800)
