/* Ordinary English words and names (Debian's american-english and british-english, about 110,000
 * forms) and a hundred that they lack (gen/english_more.txt: wifi, wechat), linked into the program. They mean nothing to rules by themselves; a word that is here is spelled right. */
#ifndef TEXT_ENGLISH_H
#define TEXT_ENGLISH_H

#include <stdbool.h>

#include "text/str.h"

/* `word` normalised. */
bool english_knows(struct str word);

#endif
