/* quality/terms.h - census and registers beside each other, by school and term.  Room-private. */
#pragma once
#include "quality/look.h"

/* Which terms are as they were: of those nobody is added up. */
void quality_open_terms(struct quality_look *q);
/* Children of whom both tell, added up by school and term. */
void quality_add_terms(struct quality_look *q, uint32_t p);
/* What a block of people came to, which is emptied. */
void quality_add_up_terms(struct quality_look *q, struct quality_term *piece);
/* The rules asked of each term of which the registers are whole. */
void quality_ask_terms(struct quality_look *q);
