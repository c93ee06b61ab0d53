/* people/postcode.h - where a postcode lies, from the newest table that was loaded (ONS Postcode
 * Directory or NSPL).  Nobody outside is asked. */
#pragma once
#include "store/db.h"

enum { POSTCODE_CODES = 4 };
struct postcode {
    const char *text;      /* "CH65 9AA", or "CH65" where only that is known */
    const char *outward;   /* "CH65": all that a log may hold */
    bool located;
    int32_t latitude, longitude; /* millionths of a degree */
    /* GSS codes of what it lies in, smallest first: LSOA, ward, district, county. */
    const char *code[POSTCODE_CODES];
    size_t n_codes;        /* 0 of an outward code */
};
/* "ch659aa", "CH65 9AA", or an outward code "CH65": the middle of its postcodes.  ERR_INPUT: it has
 * not the form of one; ERR_NOT_FOUND: no such postcode in the table, or there is no table. */
MUST_CHECK enum err postcode_find(struct job *j, const char *text, struct postcode *out);
