/* base/text.h - pieces of text as they come from files and forms.
 *
 * A span is not NUL-ended and owns nothing.  Nothing here depends on the locale. */
#pragma once
#include "base/job.h"

struct span {
    const char *s;
    size_t n;
};
#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})
struct span span_of(const char *s); /* NULL gives an empty span */
bool span_is(struct span a, const char *s);
bool span_is_nocase(struct span a, const char *s); /* ASCII */
/* Without white space (ASCII and U+00A0) at both ends. */
struct span span_trim(struct span a);
/* Empty, white space, or one of the blank variants of formats.md §0:
 * NULL null None nan N/A SSD_PH.  "0" is not missing. */
bool span_is_missing(struct span a);

/* Whole number as councils' files write it: 134, -2, 134.0, 1,234.  False: not one. */
bool text_to_int(const char *s, size_t n, int64_t *out);
/* 0/1, true/false, T/F, Y/N, Yes/No, "a) Yes", "a Yes", any case.  False: not one. */
bool text_to_bool(const char *s, size_t n, bool *out);
/* A header name for comparison: trimmed, lower case, inner white space collapsed to one
 * blank, byte-order mark gone, en and em dashes become "-".  Into the job. */
char *text_header(struct job *j, struct span a);
/* Letters only, upper case, accents dropped (Latin): for comparing names. */
char *text_name_key(struct job *j, struct span a);
/* The first character of a, for comparing words: a small letter (Latin ones without accents, so
 * there may be two), a digit, or a letter of another script as it is.  Gives the bytes put into
 * out, 0 for what is neither letter nor digit; *took, at least 1, are those of the character. */
size_t text_fold(struct span a, char out[4], size_t *took);
/* Postcode in the form "CH1 9ZZ" into buf of 10 bytes; false: cannot be one. */
bool text_postcode(struct span a, char *buf);
/* Strict: no overlongs, no surrogates. */
bool text_is_utf8(const char *s, size_t n, size_t *bad_at);

enum { TEXT_NUMBER = 32 };
/* "49,382", "-1,204", into buf of TEXT_NUMBER bytes.  Returns buf. */
const char *text_count(int64_t v, char *buf);
/* part of whole as a percentage with `decimals` places, rounded half away from zero by
 * integer arithmetic: the one place where figures are rounded.  whole > 0.  "3.9".  */
const char *text_percent(int64_t part, int64_t whole, int decimals, char *buf);
/* The same with any scale: 100 for per cent, 1000, 10000 … */
const char *text_rate(int64_t part, int64_t whole, int64_t per, int decimals, char *buf);
/* A double already computed (ratio, interval) with `decimals` places. */
const char *text_decimal(double v, int decimals, char *buf);
