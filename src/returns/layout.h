/* returns/layout.h - the tables that councils' files hold, as declarations.
 *
 * A layout is one table: its columns, their types and code sets, the years and terms that
 * carry them, and where it sits in an export.  A CSV file is one table and is recognised
 * by its set of column names.  An XML file is many: each element named here is a record
 * of its table, with the same field names (COLLECT's columns are the elements in lower
 * case), so what reads a census need not know which form it came in.  Adding a kind of
 * file: a field list in the family's .def and one row in layouts.def (docs/adding.md).
 *
 * Positions of fields have names: returns/fields.h. */
#pragma once
#include "people/codes.h"

enum field_type {
    FIELD_TEXT,
    FIELD_INT,
    FIELD_DATE,
    FIELD_BOOL,
    FIELD_CODE,     /* value.s is the code that is stored, value.i its place in the set
                     * (attendance: the code's index of people/attendance.h) */
    FIELD_DECIMAL,  /* 12.5: value.i in hundredths */
    FIELD_DEGREES,  /* -2.891264: value.i in millionths; what lies off the map is not given */
    FIELD_UPN,
    FIELD_POSTCODE,
    /* Opaque ids that join the tables of one export: join on KEY and RETURN together.
     * COLLECT's ids change with each export.  XML: made while reading. */
    FIELD_KEY,      /* the record's own: <prefix>tableid */
    FIELD_PARENT,   /* of the record it belongs to: <parent>tableid */
    FIELD_RETURN,   /* NativeId: one school's return within the export */
};
enum field_rule {
    FIELD_REQUIRED = 1, /* a record without it, or with a bad value, is refused */
    FIELD_MARKS = 2,    /* the column must be there for the table to be recognised */
    FIELD_MINUS_ONE = 4, /* INT: -1 is written for missing */
    /* DATE: a day on which something happened: the newest tells how far a file without a
     * date of its own reaches */
    FIELD_TOLD = 8,
    FIELD_UNUSED = 16, /* of TEXT_LISTED: tells the table, and its text is not kept */
    FIELD_FOREIGN = 32, /* of another layout: looked for because it ought not to be there */
    /* Its name was taken from neighbouring facts and never held beside a real file; whoever
     * lists the fields says so. */
    FIELD_UNVERIFIED = 64,
};
/* Which censuses carry a field or table; ON_ROLL, OFF_ROLL where a list serves two tables. */
enum { IN_AUTUMN = 1, IN_SPRING = 2, IN_SUMMER = 4, IN_ALL = 7, ON_ROLL = 8, OFF_ROLL = 16 };

struct field {
    const char *name;   /* CSV column or XML element as files write it; compared without case */
    /* Other names met, blank-separated ('_' stands for a blank inside a name; * and ? as in
     * file names): "gender<2023" until that school year, "TermlyAttendance/SessionsPossible"
     * an XML element directly within another.  JSON: "student/data/id" is the way from the
     * record to the value (in CSV student_data_id is the same), "/la_code" a member of the
     * outermost object, met before the records it holds for.  The name may be such a way, too.
     * Or NULL. */
    const char *also;
    enum field_type type;
    enum code_set set;  /* FIELD_CODE */
    unsigned rules;     /* enum field_rule */
    short first, last;  /* school years (of the census) that carry it; 0: no limit */
    unsigned terms;     /* IN_…, ON_ROLL, OFF_ROLL; 0: no matter */
    const char *about;  /* a few words for the reader of docs/formats.md */
};

/* What of its text is kept, to show a fact beside what the file said. */
enum layout_text {
    TEXT_WHOLE,
    TEXT_NONE,   /* the facts tell what each line said, or nothing of it is needed */
    TEXT_LISTED, /* the columns or elements that are listed, but for UNUSED ones (social care) */
};

struct layout {
    const char *name;     /* "census-pupilonroll" */
    const char *family;   /* tables of one family and export make one batch: "census" */
    const char *title;    /* "School census: pupils on roll" */
    /* What is one record, blank-separated: an XML element; a path in JSON: "data[]" each item
     * of the list "data", "[]" of the list that is the whole file, "Children[].plans[]" lists
     * within.  NULL: CSV only. */
    const char *element;
    const char *within;   /* XML: elements it must lie in, blank-separated; "" anywhere */
    const char *prefix;   /* table name in COLLECT exports, for <prefix>tableid; or NULL */
    const char *parent;   /* prefix of the table its records belong to; or NULL */
    int order;            /* tables of a batch are read in this order */
    unsigned terms;       /* IN_… where a table belongs to some terms; ON_ROLL, OFF_ROLL */
    short first, last;    /* school years that have this table; 0: no limit */
    bool skip;            /* recognised and counted; record() is not called */
    bool csv;             /* is met as CSV */
    const char *known;    /* other columns it may have, as `also`; "*": any, without a note */
    const struct field *fields;
    size_t n_fields;
    enum layout_text text;
    bool unverified;      /* the same as FIELD_UNVERIFIED, of its elements */
};
extern const struct layout layouts[];
extern const size_t n_layouts;
const struct layout *layout_find(const char *name); /* NULL: none */
/* Which XML files are read (xml_roots.def): "" any. */
struct xml_root {
    const char *root, *body, *collection, *layout;
};
extern const struct xml_root xml_roots[];
extern const size_t n_xml_roots;
/* In words, where a field or layout is UNVERIFIED. */
extern const char layout_unverified[];
/* Does this layout's file of that school year (0: any) and term (0: any) carry the field? */
bool layout_carries(const struct layout *l, const struct field *f, int32_t school_year, int term);
/* Is this XML element a record of it? */
bool layout_is_element(const struct layout *l, struct span name);
bool layout_exists_in(const struct layout *l, int32_t school_year, int term);
/* What the column is called in a file of that school year ("gender" before "sex",
 * "pupilonrolltableid"), into buf of LAYOUT_NAME bytes; returns buf. */
enum { LAYOUT_NAME = 128 };
const char *layout_column(const struct layout *l, const struct field *f, int32_t school_year,
                          char *buf);

/* One value, typed.  given: the file had one and it parsed. */
struct value {
    bool given;
    int64_t i;     /* INT, DECIMAL, DEGREES, DATE, BOOL, CODE */
    const char *s; /* the others: NUL-ended, until the next record; "" when not given */
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
