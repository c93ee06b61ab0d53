/* web/form.h - names and values out of an address or a form, decoded strictly.
 *
 * Refused rather than mended: a broken % escape, a zero byte, text that is not UTF-8,
 * more than a thousand fields. */
#pragma once
#include "base/text.h"
#include "web/page.h"

enum { FORM_FIELDS = 1000 };

/* "a=1&b=x+y" into pairs; decoded in the job.  False: broken. */
bool form_parse(struct job *j, struct span text, const struct pair **out, size_t *n);
/* The other way, without the field "csrf". */
const char *form_print(struct job *j, const struct pair *v, size_t n);
/* Decode %XX (and + as a blank, in forms).  NULL: broken, or not text. */
const char *form_decode(struct job *j, struct span text, bool plus);
