# PARTS (js) and STYLES (css) into one script OUT: a closed scope, the style sheet as a string, indentation and
# whole-line comments left out.
cmake_policy(SET CMP0007 NEW)

set(style "")
foreach(file ${STYLES})
	file(READ ${file} text)
	string(APPEND style "${text}")
endforeach()
string(REGEX REPLACE "/\\*[^*]*\\*/" "" style "${style}")
string(REGEX REPLACE "[\n\t ]+" " " style "${style}")
string(REGEX REPLACE " ?([{};,]) ?" "\\1" style "${style}")
string(REPLACE "\\" "\\\\" style "${style}")
string(REPLACE "`" "\\`" style "${style}")

set(script "")
foreach(file ${PARTS})
	file(READ ${file} text)
	string(APPEND script "\n${text}")
endforeach()
string(REGEX REPLACE "\n[\t ]+" "\n" script "${script}")
string(REGEX REPLACE "\n/\\*([^*]|\\*[^/])*\\*/" "" script "${script}")
string(REGEX REPLACE "\n\n+" "\n" script "${script}")

file(WRITE ${OUT} "/* The chat widget of kefu (MIT licence). Sources: web/widget/. */
(() => {
'use strict';
const STYLE = `${style}`;${script}})();
")
