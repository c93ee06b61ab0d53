/* returns/layout.h - the tables that councils' files hold, as declarations.
 *
 * A layout is one table: its columns, their types and code sets, the years and terms that
 * carry them, and where it sits in an export.  A CSV file is one table and is recognised
 * by its set of column names.  An XML file is many: each element named here is a record
 * of its table, with the same field names (COLLECT's columns are the elements in lower
 * case), so what reads a census need not know which form it came in.  Adding a kind of
 * file: a field list and one row in layouts.def (docs/adding.md). */
#pragma once
#include "people/codes.h"

enum field_type {
    FIELD_TEXT,
    FIELD_INT,
    FIELD_DATE,
    FIELD_BOOL,
    FIELD_CODE,     /* of the field's code set; value.s is the code that is stored */
    FIELD_UPN,
    FIELD_POSTCODE,
    FIELD_KEY,      /* opaque id that joins tables of one export; XML: made while reading */
};
enum field_rule {
    FIELD_REQUIRED = 1, /* a record without it, or with a bad value, is refused */
    FIELD_MARKS = 2,    /* the column must be there for the table to be recognised */
};
enum { IN_AUTUMN = 1, IN_SPRING = 2, IN_SUMMER = 4, IN_ALL = 7 };

struct field {
    const char *name;   /* CSV column, lower case; XML element, compared without case */
    const char *also;   /* other names met, "gender" for "sex"; blank-separated; or NULL */
    enum field_type type;
    enum code_set set;  /* FIELD_CODE */
    unsigned rules;     /* enum field_rule */
    short first, last;  /* school years (of the census) that carry it; 0: no limit */
    unsigned terms;     /* IN_…; 0: not a census */
    const char *about;  /* a few words for the reader of docs/formats.md */
};

struct layout {
    const char *name;     /* "census-pupilonroll" */
    const char *family;   /* tables of one family and export make one batch: "census" */
    const char *title;    /* "School census: pupils on roll" */
    const char *element;  /* XML: element that is one record; NULL: CSV only */
    const char *within;   /* XML: element it must lie in; NULL: anywhere */
    const char *prefix;   /* census CSV: table name, for <prefix>tableid; else NULL */
    int order;            /* tables of a batch are read in this order */
    unsigned terms;       /* IN_… where a table belongs to some terms only; 0: no matter */
    short first, last;    /* school years that have this table; 0: no limit */
    bool skip;            /* recognised, counted, not kept */
    const struct field *fields;
    size_t n_fields;
};
extern const struct layout layouts[];
extern const size_t n_layouts;
const struct layout *layout_find(const char *name); /* NULL: none */
/* Does this layout's file of that school year and term carry the field? */
bool layout_carries(const struct field *f, int32_t school_year, int term);

/* One value, typed.  given: the file had one and it parsed. */
struct value {
    bool given;
    int64_t i;     /* INT, DATE, BOOL */
    const char *s; /* TEXT, CODE, UPN, POSTCODE, KEY: valid until the next record */
    size_t n;
};
#define VALUE_SPAN(v) ((struct span){(v).s, (v).n})

/* A record, its values in the order of layout->fields. */
struct record {
    const struct layout *layout;
    int64_t line;  /* 1-based, where it starts in the file (as UTF-8) */
    const struct value *v;
    bool refused;  /* a required value is missing or wrong: counted, reported, not loaded */
};

/* Something wrong with a record: it is data, not an error (architecture rule 3). */
struct finding {
    int64_t line;
    const char *field;   /* NULL: the record as a whole */
    int column;          /* 1-based CSV column; 0 none */
    const char *rule;    /* as findings.def names it: "code-unknown" */
    bool refused;
    const char *value;   /* as it stood, cut at 100 characters; may be NULL */
    const char *message; /* a sentence */
};
