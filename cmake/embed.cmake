# The web files inside the daemon: library `web`, header web/assets.h.
#
#   web/widget/*.js + *.css --join, minify--> web/widget.js +
#   web/voice/*.js + *.css --join--> web/voice.js (a module) +
#   web/admin/*.js, *.css --join--> web/admin.js, admin.css +--> gzip -9, sha256 --> asset_table.c (.incbin)
#   web/index.html, web/demo.css, ...                       +
#
# A new file to serve is one row of web_files; a new part of the widget one name in widget_parts, of the staff's page
# one in admin_parts, of the agent's page one in inbox_parts.

set(web_files # path at the server = file
	/=web/index.html
	/demo.css=web/demo.css
	/demo.js=web/demo.js
	/admin/=web/admin/index.html
	/admin/admin.css=${CMAKE_BINARY_DIR}/web/admin.css
	/admin/admin.js=${CMAKE_BINARY_DIR}/web/admin.js
	/admin/inbox=web/admin/inbox/index.html
	/admin/inbox.css=${CMAKE_BINARY_DIR}/web/inbox.css
	/admin/inbox.js=${CMAKE_BINARY_DIR}/web/inbox.js
	/favicon.svg=web/favicon.svg
	/voice.js=${CMAKE_BINARY_DIR}/web/voice.js
	/voice-worklet.js=web/voice/worklet.js
	/kefu.mjs=web/widget/kefu.mjs
	/kefu.d.ts=web/widget/kefu.d.ts
	/widget.js=${CMAKE_BINARY_DIR}/web/widget.js)

set(widget_parts dom menu log lang theme markup transcript cards nudge link panel store chat core main) # the order that packs best
set(widget_styles base log cards panel screens)

list(TRANSFORM widget_parts REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/web/widget/\\1.js")
list(TRANSFORM widget_styles REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/web/widget/\\1.css")

set(voice_parts words ears mouth main)
set(voice_styles voice)

list(TRANSFORM voice_parts REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/web/voice/\\1.js")
list(TRANSFORM voice_styles REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/web/voice/\\1.css")

set(admin_parts widget/dom widget/markup admin/words admin/kit admin/diff admin/plot admin/overview admin/try admin/textbox
	admin/drafts admin/editor admin/history admin/rules admin/talks admin/unanswered admin/audit admin/door admin/main)
set(inbox_parts widget/dom widget/markup admin/words admin/kit admin/door inbox/words inbox/alerts inbox/wire inbox/desk inbox/canned inbox/compose
	inbox/list inbox/talk inbox/learner inbox/dialogs inbox/main)
list(TRANSFORM inbox_parts REPLACE "^inbox/" "admin/inbox/")
set(inbox_styles base pieces parts lists inbox/frame inbox/talk inbox/side)
set(admin_styles base pieces overview parts lists editor)
list(TRANSFORM admin_parts REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/web/\\1.js")
list(TRANSFORM inbox_parts REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/web/\\1.js")
list(TRANSFORM inbox_styles REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/web/admin/\\1.css")
list(TRANSFORM admin_styles REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/web/admin/\\1.css")

find_program(GZIP_PROGRAM gzip REQUIRED)
find_program(PYTHON3 python3 REQUIRED)

# PARTS and STYLES into OUT: see cmake/join.cmake.
function(web_join out title parts styles)
	add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/web/${out}
		COMMAND ${CMAKE_COMMAND} "-DPARTS=${parts}" "-DSTYLES=${styles}" "-DTITLE=${title}"
			-DMODULE=${ARGN} -DOUT=${CMAKE_BINARY_DIR}/web/${out} -P ${CMAKE_SOURCE_DIR}/cmake/join.cmake
		DEPENDS ${parts} ${styles} ${CMAKE_SOURCE_DIR}/cmake/join.cmake
		COMMENT "Joining ${out}" VERBATIM)
endfunction()

web_join(widget.long.js "The chat widget of kefu (MIT licence). Sources: web/widget/." "${widget_parts}" "${widget_styles}")
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/web/widget.js
	COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/cmake/minify.py ${CMAKE_BINARY_DIR}/web/widget.long.js
		${CMAKE_BINARY_DIR}/web/widget.js
	DEPENDS ${CMAKE_BINARY_DIR}/web/widget.long.js ${CMAKE_SOURCE_DIR}/cmake/minify.py
	COMMENT "Shortening widget.js" VERBATIM)
web_join(voice.js "Voice for the chat widget of kefu (MIT licence). Sources: web/voice/." "${voice_parts}" "${voice_styles}" ON)
web_join(admin.js "The staff's page of kefu (MIT licence). Sources: web/admin/, web/widget/." "${admin_parts}" "")
web_join(admin.css "" "" "${admin_styles}")
web_join(inbox.js "The agent's page of kefu (MIT licence). Sources: web/admin/, web/widget/." "${inbox_parts}" "")
web_join(inbox.css "" "" "${inbox_styles}")

set(web_sources "")
foreach(row ${web_files})
	string(REGEX REPLACE "^[^=]*=" "" file "${row}")
	get_filename_component(file "${file}" ABSOLUTE BASE_DIR ${CMAKE_SOURCE_DIR})
	list(APPEND web_sources ${file})
endforeach()

add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/web/asset_table.c
	COMMAND ${CMAKE_COMMAND} "-DROWS=${web_files}" -DSOURCE_DIR=${CMAKE_SOURCE_DIR}
		-DOUT_DIR=${CMAKE_BINARY_DIR}/web -DGZIP=${GZIP_PROGRAM}
		-P ${CMAKE_SOURCE_DIR}/cmake/asset_table.cmake
	DEPENDS ${web_sources} ${CMAKE_SOURCE_DIR}/cmake/asset_table.cmake
	COMMENT "Embedding the web files" VERBATIM)

add_library(web STATIC ${CMAKE_SOURCE_DIR}/web/assets.c ${CMAKE_BINARY_DIR}/web/asset_table.c)
target_include_directories(web PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(web PUBLIC text)
