# The tables of the text layer, made from Debian's data by small host programs at build time.
# (Without the sanitizers of the house: they would make the build slow and find nothing.)

find_program(OPENCC_DICT opencc_dict REQUIRED)
find_file(OPENCC_TS TSCharacters.ocd2 PATHS /usr/share/opencc /usr/local/share/opencc REQUIRED)

set(text_gen ${CMAKE_BINARY_DIR}/text_gen)
file(MAKE_DIRECTORY ${text_gen})

function(host_program name)
	add_executable(${name} ${ARGN})
	target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/intents ${text_gen})
	target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
	target_compile_options(${name} PRIVATE -O2 -Wall -Wextra)
	target_link_libraries(${name} PRIVATE PkgConfig::libutf8proc m)
endfunction()

host_program(gen_normal ${CMAKE_SOURCE_DIR}/intents/text/gen/gen_normal.c)

add_custom_command(OUTPUT ${text_gen}/traditional.txt
	COMMAND ${OPENCC_DICT} -i ${OPENCC_TS} -o ${text_gen}/traditional.txt -f ocd2 -t text
	DEPENDS ${OPENCC_TS}
	COMMENT "Reading OpenCC's traditional characters" VERBATIM)

add_custom_command(OUTPUT ${text_gen}/normal_table.h
	COMMAND gen_normal ${text_gen}/normal_table.h ${text_gen}/traditional.txt
		${CMAKE_SOURCE_DIR}/intents/text/gen/variants.txt
	DEPENDS gen_normal ${text_gen}/traditional.txt ${CMAKE_SOURCE_DIR}/intents/text/gen/variants.txt
	COMMENT "Making the table of the normaliser" VERBATIM)

# The dictionary: jieba's word list (MIT), normalised by the program's own code.
find_file(JIEBA_DICT dict.txt PATHS /usr/lib/python3/dist-packages/jieba REQUIRED)
set(text_base ${CMAKE_SOURCE_DIR}/intents/text)
host_program(gen_lexicon ${text_base}/gen/gen_lexicon.c ${text_base}/dat.c ${text_base}/normal.c
	${text_base}/arena.c ${text_base}/mem.c ${text_base}/str.c ${text_base}/utf8.c
	${text_gen}/normal_table.h)

add_custom_command(OUTPUT ${text_gen}/lexicon.bin
	COMMAND gen_lexicon ${text_gen}/lexicon.bin ${JIEBA_DICT}
	DEPENDS gen_lexicon ${JIEBA_DICT}
	COMMENT "Compiling the dictionary" VERBATIM)

set_source_files_properties(${text_base}/lexicon.c PROPERTIES
	OBJECT_DEPENDS ${text_gen}/lexicon.bin
	COMPILE_DEFINITIONS KEFU_LEXICON_IMAGE="${text_gen}/lexicon.bin")

# English words, so that a known one is never taken for a misspelt one.
find_file(ENGLISH_US american-english PATHS /usr/share/dict REQUIRED)
find_file(ENGLISH_UK british-english PATHS /usr/share/dict REQUIRED)
set(english_words ${ENGLISH_US} ${ENGLISH_UK} ${text_base}/gen/english_more.txt)
add_custom_command(OUTPUT ${text_gen}/english.bin
	COMMAND gen_lexicon ${text_gen}/english.bin ${english_words}
	DEPENDS gen_lexicon ${english_words}
	COMMENT "Compiling the English words" VERBATIM)

set_source_files_properties(${text_base}/english.c PROPERTIES
	OBJECT_DEPENDS ${text_gen}/english.bin
	COMPILE_DEFINITIONS KEFU_ENGLISH_IMAGE="${text_gen}/english.bin")

# How characters are read, for words typed with another character of the same sound.
find_program(BZIP2 bzip2 REQUIRED)
find_file(UNIHAN_READINGS Unihan_Readings.txt.bz2 PATHS /usr/share/unicode REQUIRED)
host_program(gen_pinyin ${text_base}/gen/gen_pinyin.c)

add_custom_command(OUTPUT ${text_gen}/readings.txt
	COMMAND ${BZIP2} -dc ${UNIHAN_READINGS} > ${text_gen}/readings.txt
	DEPENDS ${UNIHAN_READINGS}
	COMMENT "Unpacking Unihan's readings" VERBATIM)

add_custom_command(OUTPUT ${text_gen}/pinyin_table.h
	COMMAND gen_pinyin ${text_gen}/pinyin_table.h ${text_gen}/readings.txt
	DEPENDS gen_pinyin ${text_gen}/readings.txt
	COMMENT "Making the table of readings" VERBATIM)

# What words mean: vectors of English words, and of characters by the words that explain them.
host_program(gen_senses ${text_base}/gen/gen_senses.c ${text_base}/arena.c ${text_base}/mem.c
	${text_base}/str.c ${text_base}/utf8.c)

add_custom_command(OUTPUT ${text_gen}/senses.bin
	COMMAND gen_senses ${text_gen}/senses.bin ${text_base}/gen/senses.en ${text_gen}/readings.txt
		${JIEBA_DICT}
	DEPENDS gen_senses ${text_base}/gen/senses.en ${text_gen}/readings.txt ${JIEBA_DICT}
	COMMENT "Compiling what words mean" VERBATIM)

set_source_files_properties(${text_base}/senses.c PROPERTIES
	OBJECT_DEPENDS ${text_gen}/senses.bin
	COMPILE_DEFINITIONS KEFU_SENSES_IMAGE="${text_gen}/senses.bin")

target_include_directories(text PRIVATE ${text_gen})
target_sources(text PRIVATE ${text_gen}/normal_table.h ${text_gen}/pinyin_table.h)
