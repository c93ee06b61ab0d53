/* people/upn.h - the unique pupil number: form and check letter (domain.md §2.1).
 *
 * Thirteen characters: check letter, authority (3), school (4), year (2), serial (2) and a
 * last that is a digit, or a letter for a temporary number.  Says where a number was first
 * given out, never where the child is now. */
#pragma once
#include "base/text.h"

enum upn_state {
    UPN_OK,
    UPN_TEMPORARY,    /* well formed; character 13 is a letter */
    UPN_LENGTH,       /* not 13 characters */
    UPN_DIGITS,       /* characters 5-12 not all digits */
    UPN_LAST,         /* character 13 not a recognised value */
    UPN_AREA,         /* characters 2-4 not three digits */
    UPN_CHECK_LETTER, /* wrong check letter at character 1 */
};
enum { UPN_SIZE = 14 };
/* Judges 13 characters, upper case.  *should_be (may be NULL) gets the right letter where
 * the other characters allow one to be worked out. */
enum upn_state upn_check(struct span upn, char *should_be);
/* "the check letter is K, should be T": a clause for a finding, into buf; returns buf. */
const char *upn_problem(enum upn_state s, struct span upn, char *buf, size_t size);
/* Fill in the check letter of "?LLLEEEEYYNNN" in place; the rest is well formed. */
void upn_set_letter(char *upn);
