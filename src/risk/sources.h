/* risk/sources.h - what each type of exclusion is known from, and what of it is missing.
 *
 * A type whose sources are not loaded says "no data"; one that has some of them says which.
 * The table: sources.def. */
#pragma once
#include "risk/figures.h"

enum source {
#define SOURCE(id, name, title) id,
#define TYPE_SOURCE(measure, source, what)
#include "risk/sources.def"
#undef SOURCE
#undef TYPE_SOURCE
    RISK_SOURCES
};
/* The sources of registers follow the kinds of entry.def, from this one on. */
enum { SRC_REGISTERS = SRC_REGISTER_EHE };
struct source_row {
    const char *name, *title;
};
extern const struct source_row source_rows[RISK_SOURCES];
struct type_source {
    enum measure measure;
    enum source source;
    const char *what; /* "reinstatements and withdrawals" */
};
extern const struct type_source type_sources[]; /* a type's together */
extern const size_t n_type_sources;

/* Which there are for a school year of the current snapshot.  Asks permit(ACT_FIGURES). */
struct sources_used {
    bool of[RISK_SOURCES];
};
MUST_CHECK enum err sources_used(struct job *j, int32_t school_year, struct sources_used *out);
/* "Uses suspension notifications. Not loaded: outcomes of exclusion reviews (reinstatements
 * and withdrawals)."  "" for a measure that is no type of its own. */
const char *sources_words(struct job *j, enum measure m, const struct sources_used *used);
