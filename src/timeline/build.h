/* timeline/build.h - what a column file is made from, while it is made.  Private.
 *
 * Facts are gathered from the database, by parts of the people (gather_*.c, streams.c).  Then
 * part by part, so that memory does not grow with the authority, they are numbered anew by
 * person, school and place (number.c), derived person by person in fixed blocks (derive.c and
 * the files it names), packed (pack.c), and in the end written (file.c). */
#pragma once
#include "people/attendance.h"
#include "people/school_day.h"
#include "timeline/lookup.h"
#include "timeline/stage.h"
#include "base/streams.h"
#include "timeline/timeline.h"

/* Batches that count by an order: $1 area, $2 known at, $3 1 from made, $4 its day. */
#define BUILD_BATCHES                                                                          \
    "FROM batch WHERE area_id = $1 AND (published <= $2 OR ($3 = 1 AND made_on <= $4)) AND "   \
    "(state = 'published' OR ($3 = 0 AND state = 'withdrawn' AND withdrawn > $2)) AND "        \
    "substr(COALESCE(kind, ''), 1, 5) <> 'marks' "
#define BUILD_KNOWN(area, o)                                                                   \
    INT(area), INT((o)->known_at), INT((o)->from_made),                                        \
        INT((o)->from_made ? date_of_time((o)->known_at, NULL) : 0)
/* Which editions of schools and postcodes are read: those of then, from made those of now. */
static inline int64_t
build_shared_at(const struct timeline_order *o)
{
    return o->from_made ? INT64_MAX : o->known_at;
}
/* A batch that counts: published by known_at, and not withdrawn by then. */
struct build_batch {
    int64_t batch_id, published;
    uint32_t rank;   /* in order of publishing */
    int32_t census;  /* build_census() of the census it is of, 0 none */
    uint8_t holds;   /* HOLDS_… over all its schools */
};
struct build_identity {
    int64_t identity_id;
    uint32_t person; /* provisional; TIMELINE_NONE: cannot be told */
    int32_t born, seen; /* seen: last day with a fact of it, DATE_NONE none */
    uint8_t source;  /* 3 school, 2 person list, 1 social care */
    char sex;
    bool care;       /* a fact of social care was met */
};
struct build_person {
    int64_t person_id;
    int32_t first_seen, last_seen;
    uint64_t ethnicity_when; /* census and rank that gave it */
    char ethnicity[7];
};
struct build_school {
    struct timeline_school row;
    uint32_t chain;    /* index of the school that stands for it and all it became */
    int32_t last_return; /* build_census() of its last return, 0 none */
    int8_t seen_low, seen_high; /* year groups in its returns; INT8_MAX, INT8_MIN none */
};
/* Returns of a school in one census, by batch. */
struct build_return {
    struct timeline_return row;
    bool stands; /* not sent again later */
    uint32_t kinds; /* social care: bit per enum timeline_kind that it has rows of */
};
struct build_link {
    uint32_t from, to; /* schools: the second carries on the first */
};

/* Facts as gathered; each starts with its person. */
struct build_suspension {
    uint32_t person, school;
    int32_t started, ended, notified;
    struct timeline_source source;
    int32_t census;     /* that brought it; 0: a notification */
    int16_t sessions;   /* -1 not given */
    uint8_t on_roll, category, outcome, cancelled;
    uint8_t changed, names; /* a notification that amends or cancels; it names the fact */
    char reason[3][2];
};
struct build_outcome {
    uint32_t person, school;
    int32_t started, decided; /* of the exclusion; of the decision */
    struct timeline_source source;
    uint8_t outcome, panel; /* panel: an independent review panel's */
    uint8_t spare[2];
};
struct build_need {
    uint32_t person;
    struct timeline_source source;
    int32_t census;
    char code[6];
    uint8_t rank;
    uint8_t survey;     /* 1: told by SEN2, not by a census */
};
struct build_meals {
    uint32_t person;
    int32_t started, ended; /* half-open; DATE_OPEN */
    struct timeline_source source;
    int32_t census;
};
struct build_care {
    uint32_t person;
    int32_t started, ended; /* half-open; DATE_OPEN */
    struct timeline_source source;
    int32_t told_to;    /* how far the file tells, half-open */
    int16_t return_year;
    uint8_t kind, no_action;
    uint8_t from;       /* enum timeline_care_source */
    uint8_t spare;
    char code[6];       /* placement, band of a score */
};
struct build_placement {
    struct timeline_placement row; /* provider and school provisional, then final */
    int32_t census;
};

/* Where derived rows of one section go: each block has an area of its own. */
struct build_output {
    char *rows;
    size_t width;
    uint32_t *area;  /* where each block's area starts, and the end */
    uint32_t *used;  /* by block */
    uint32_t *count; /* by person */
};

enum { BUILD_BLOCK = 512 }; /* persons */
enum { BUILD_PART = 8192 }; /* people, by provisional number; timeline_order.part */

enum build_stage {
#define STAGE(name, row) STAGE_##name,
#include "timeline/stages.def"
#undef STAGE
    BUILD_STAGES
};
/* Of a person the descriptions to show: indices of identity + 1, 0 none. */
struct build_shown {
    uint32_t best, born, sex;
};

struct build {
    struct job *j;
    const char *path;
    struct streams_place aside;
    const struct timeline_order *order;
    struct timeline_head head;
    struct build_batch *batch;
    uint32_t batches;
    struct build_identity *identity;
    uint32_t identities;
    uint32_t *identity_at;       /* by identity_id less the first: index + 1; NULL: searched */
    uint64_t identity_span;      /* of it */
    struct build_person *people; /* provisional: everybody with an identity */
    uint32_t n_people, parts, part; /* people of a part */
    struct streams *gathered; /* stages of each part */
    struct streams *packed;   /* by section */
    struct build_shown *shown;   /* by provisional person */
    struct build_school *school;
    uint32_t schools;
    struct lookup school_at;
    struct timeline_place *place;
    uint32_t places;
    struct timeline_district *district;
    uint32_t districts;
    struct build_return *returns;
    uint32_t n_returns;
    struct lookup return_at; /* while gathering: by school, census, batch */
    struct build_link *link; /* by from */
    uint32_t links;
    uint32_t *care_return; /* the standing returns of social care: indices of returns */
    uint32_t care_returns;
    /* the batch of the Standard Safeguarding Dataset that tells of a kind, and how far any
     * source does */
    uint32_t care_latest[SPELL_KINDS];
    int32_t care_until[SPELL_KINDS];
    struct school_calendars *calendars; /* as known at */
    const uint32_t *school_map, *place_map; /* provisional to final */
    /* of the part in hand; numbers and indices count from its start until it is packed */
    struct timeline_person *person; /* final: everybody with a fact */
    uint32_t persons;
#define STAGE(name, row) struct stage name;
#include "timeline/stages.def"
#undef STAGE
    struct build_output out[TIMELINE_SECTIONS];
    uint32_t blocks;
    uint32_t before[TIMELINE_SECTIONS]; /* rows of the parts before it */
};

/* A census as one number that rises with time, and back; 0: none. */
int32_t build_census(int32_t school_year, int term);
int32_t build_census_year(int32_t census);
enum term build_census_term(int32_t census);
int32_t build_census_day(int32_t census);
/* The folder that a file lies in. */
const char *build_folder(struct job *j, const char *path);
/* -1, 0, 1: for comparisons of qsort(). */
int build_compare(int64_t a, int64_t b);
int build_compare_source(const struct timeline_source *a, const struct timeline_source *b);
