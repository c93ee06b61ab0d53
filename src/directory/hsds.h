/* directory/hsds.h - what a service may say: the table of the standard's fields and ours.
 *
 * A row of hsds.def is one field of one object: HSDS 3.0 as the UK profile has it (HSDS_UK), what
 * HSDS has beyond that profile (HSDS_PLUS) and what is ours (HSDS_OURS, within `rooted`).  From it
 * come checking, repair, differences, whose a field is, forms, columns of files, serialising. */
#pragma once
#include "base/text.h"

enum hsds_object {
#define OBJECT(id, name, file, label) HSDS_##id,
#define FIELD(object, name, type, values, flags, label)
#define PART(object, name, type, of, flags, label)
#include "directory/hsds.def"
#undef OBJECT
#undef FIELD
#undef PART
    HSDS_OBJECTS
};
enum hsds_type {
    HSDS_TEXT,
    HSDS_LONG,   /* text that may have paragraphs, parted by an empty line */
    HSDS_UUID,
    HSDS_URI,    /* http or https */
    HSDS_EMAIL,
    HSDS_DATE,   /* "2026-11-25" */
    HSDS_TIME,   /* "09:30:00" */
    HSDS_MOMENT, /* "2026-11-25T09:30:00Z" */
    HSDS_NUMBER,
    HSDS_WHOLE,
    HSDS_YES,    /* true or false */
    HSDS_CHOICE, /* one of values */
    HSDS_WORDS,  /* a list of texts; with values, of these alone */
    HSDS_ONE,    /* an object */
    HSDS_MANY,   /* a list of objects */
};
enum {
    HSDS_REQUIRED = 1,
    HSDS_UK = 2,
    HSDS_PLUS = 4,
    HSDS_OURS = 8,
    HSDS_PRIVATE = 16, /* never leaves by any way that the public has */
    HSDS_WANTED = 64,  /* the standard demands it; kept without, but then not part of its API */
    HSDS_LINK = 32,    /* repeats what nesting says: not kept; files and the API have it */
};
struct hsds_field {
    enum hsds_object object;
    const char *name;
    enum hsds_type type;
    const char *values;  /* "active|inactive"; NULL any */
    enum hsds_object of; /* ONE, MANY */
    unsigned flags;
    const char *label;   /* "Lowest age", for people */
};
/* The fields of an object, in the order in which people read them. */
const struct hsds_field *hsds_fields(enum hsds_object o, size_t *n);
/* NULL: it has no such field. */
const struct hsds_field *hsds_find(enum hsds_object o, const char *name);
const char *hsds_name(enum hsds_object o);  /* "service_at_location" */
const char *hsds_file(enum hsds_object o);  /* "service_at_locations": its CSV file, less ".csv" */
const char *hsds_label(enum hsds_object o); /* "place" */
/* Is it one of the values of a CHOICE, or of WORDS? */
bool hsds_allows(const struct hsds_field *f, const char *value);
/* The values one by one: *at is 0 at first.  NULL: no more. */
const char *hsds_value(struct job *j, const struct hsds_field *f, size_t *at);
