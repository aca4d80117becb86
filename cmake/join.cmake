# PARTS (js) and STYLES (css) into one script OUT that begins with the remark TITLE: a closed scope, the style sheet (if
# there is one) as a string, indentation and whole-line comments left out. With MODULE it is a module, whose scope is its own.
# Without PARTS, OUT is the style sheet.
cmake_policy(SET CMP0007 NEW)

set(style "")
foreach(file ${STYLES})
	file(READ ${file} text)
	string(APPEND style "${text}")
endforeach()
string(REGEX REPLACE "/\\*[^*]*\\*/" "" style "${style}")
string(REGEX REPLACE "[\n\t ]+" " " style "${style}")
string(REGEX REPLACE " ?([{};,>]) ?" "\\1" style "${style}")
string(REGEX REPLACE ": " ":" style "${style}")
string(REGEX REPLACE "([ (,:-])0\\.([0-9])" "\\1.\\2" style "${style}")
string(REPLACE ";}" "}" style "${style}")
if(NOT PARTS)
	file(WRITE ${OUT} "${style}\n")
	return()
endif()
string(REPLACE "\\" "\\\\" style "${style}")
string(REPLACE "`" "\\`" style "${style}")
if(style)
	set(style "const STYLE = `${style}`;")
endif()

set(script "")
foreach(file ${PARTS})
	file(READ ${file} text)
	string(APPEND script "\n${text}")
endforeach()
string(REGEX REPLACE "\n[\t ]+" "\n" script "${script}")
string(REGEX REPLACE "\n/\\*([^*]|\\*[^/])*\\*/" "" script "${script}")
string(REGEX REPLACE "\n\n+" "\n" script "${script}")

if(MODULE)
	file(WRITE ${OUT} "/* ${TITLE} */\n${style}${script}")
	return()
endif()
file(WRITE ${OUT} "/* ${TITLE} */
(() => {
'use strict';
${style}${script}})();
")
