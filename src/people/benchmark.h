/* people/benchmark.h - DfE's published figures, to be held beside our own: of England, its
 * regions, authorities (ours and others) and the schools of authorities that are loaded.
 *
 * From explore education statistics; only the rows that are totals over all groups of pupils.
 * The same for every authority; a file loaded later replaces the rows that it has again. */
#pragma once
#include "base/text.h"
#include "store/db.h"

enum benchmark_unit { BENCHMARK_COUNT, BENCHMARK_PER_100 };
struct benchmark_measure { /* a row of benchmark.def */
    const char *series, *name;
    enum benchmark_unit unit;
    const char *words;
};
extern const struct benchmark_measure benchmark_measures[];
extern const size_t n_benchmark_measures;
const struct benchmark_measure *benchmark_measure_find(const char *name); /* NULL: none */

/* A published row. */
struct benchmark {
    const char *series;          /* absence, suspensions, attendance, ehe */
    const char *level;           /* nation, region, authority, school */
    const char *code;            /* E92000001; E12000002; "896"; URN */
    const char *time_period;     /* as published: "202324", "2025" */
    const char *time_identifier; /* as published: "Academic year", "Autumn term", "Week 12" */
    const char *phase;           /* total, primary, secondary, special, ap; others as published */
    int32_t school_year;         /* 2023 is 2023/24; 0 the period does not tell */
    const char *name;            /* "North West" */
    const char *parent;          /* code of the region, of a school the authority's; "" none */
    const char *gss;             /* ONS code of an authority; else "" */
    const char *figures;         /* read by benchmark_figure() */
};
/* Which rows; NULL or 0: any.  series and level are always given. */
struct benchmark_query {
    const char *series, *level, *code, *parent, *time_identifier, *phase;
    int32_t school_year;
};
enum { BENCHMARK_CODE = 16 };
/* Code of an authority in rows of that level: "896", "001"; into buf, returns buf. */
const char *benchmark_authority(int64_t area_id, char buf[BENCHMARK_CODE]);
/* In order of code, time and phase; empty where nothing is loaded. */
MUST_CHECK enum err benchmark_list(struct job *j, const struct benchmark_query *q,
                                   struct benchmark **out, size_t *n);
/* The first of them; out->series NULL: none. */
MUST_CHECK enum err benchmark_find(struct job *j, const struct benchmark_query *q,
                                   struct benchmark *out);
/* Region of the authority, as its own rows say; out->code NULL: not known. */
struct benchmark_place {
    const char *code, *name;
};
MUST_CHECK enum err benchmark_region(struct job *j, int64_t area_id, struct benchmark_place *out);

/* One figure of a row. */
struct benchmark_figure {
    enum { BENCHMARK_NONE, BENCHMARK_GIVEN, BENCHMARK_MARKED } state; /* none: not in the file */
    int64_t ten_thousandths; /* given: 10.4 is 104000 */
    const char *text;        /* as published: "10.40"; marked: "c" suppressed, "low" rounds to
                              * nought, "z" does not apply, "x" not to be had; "" none */
    size_t n;                /* bytes of text, which is not NUL-ended */
};
struct benchmark_figure benchmark_figure(const struct benchmark *b, const char *measure);
/* What such a mark means, in words: "suppressed"; "" not a mark. */
const char *benchmark_mark(struct span text);
/* "1,234.50" -> 12345000 ten-thousandths; false: not a number. */
bool benchmark_number(struct span text, int64_t *ten_thousandths);
