/* risk/signs.h - warning signs: which children to talk about, and why, on a day.
 *
 * A pack of signs is data that an authority changes without code: kinds of signs.def with
 * limits and words.  On a day each child on a roll here is looked at with what the timeline
 * and the registers hold of it up to that day; nothing is a score.  A child is listed when it
 * has a sign about attendance, behaviour or moves (rulings, "Cliff-edge and lists"); its
 * tier is the number of kinds of sign (domains) that it has, three at most.  Schools are
 * shown signs and tiers made without what they may not see.  Definitions: domain.md §5.1. */
#pragma once
#include "base/text.h"
#include "timeline/marks.h"
#include "timeline/timeline.h"

enum sign_kind {
#define SIGN(id, name, function, source, audience, limits, values) id,
#include "risk/signs.def"
#undef SIGN
    SIGN_KINDS
};
enum sign_domain {
    DOMAIN_ATTENDANCE, DOMAIN_BEHAVIOUR, DOMAIN_NEED, DOMAIN_MOBILITY, DOMAIN_TRANSITION,
    SIGN_DOMAINS
};
const char *sign_domain_name(enum sign_domain d);  /* as packs write it: "need" */
const char *sign_domain_words(enum sign_domain d); /* "Need or social work support" */

enum { SIGN_LIMITS = 4, SIGN_VALUES = 4, SIGNS_MOST = 32, SIGN_VARIANTS = 3 };
struct sign_rule {
    const char *id, *title, *evidence;
    const char *words[SIGN_VARIANTS]; /* by sign_found.variant; NULL: the first */
    enum sign_kind kind;
    enum sign_domain domain;
    int limit[SIGN_LIMITS]; /* in the order of signs.def */
    bool schools;           /* schools are shown it */
};
struct sign_pack {
    const char *version, *title;
    int first_year, last_year; /* year groups that are looked at */
    struct sign_rule *rule;
    size_t n;
};
/* ERR_INPUT says which sign is wrong, and how: an unknown kind or limit, a placeholder that
 * the kind does not give, an id twice. */
MUST_CHECK enum err sign_pack_read(struct job *j, struct span json, struct sign_pack *out);
/* The text of the pack that comes with the program. */
struct span sign_pack_default(void);

/* What a sign found: numbers that its words say. */
struct sign_found {
    uint8_t rule;        /* place in the pack */
    uint8_t variant;     /* of the words */
    int16_t value[SIGN_VALUES]; /* in the order of signs.def */
    int32_t on;          /* the day the words name; DATE_NONE */
    int32_t data_day;    /* the last day of the data it rests on */
};
struct sign_child {
    uint32_t person, school; /* indices of the timeline */
    uint32_t found, n;       /* its rows of sign_list.found */
    uint32_t met, met_school; /* bit per rule of the pack: all, and what schools may see */
    int8_t year_group;
    uint8_t tier, tier_school; /* 0: not listed */
    uint8_t context;         /* CONTEXT_…: said beside, never a sign by itself */
};
enum { CONTEXT_FSM = 1, CONTEXT_DEPRIVED = 2, CONTEXT_PLAN = 4, CONTEXT_CARE = 8 };
struct sign_list {
    struct sign_child *child; /* with any sign, by person */
    struct sign_found *found;
    size_t n, n_found;
    size_t looked_at;         /* children on a roll here in those year groups */
    uint32_t no_data;         /* bit per rule: its source is not loaded */
    int32_t day;
};
struct sign_order {
    const struct sign_pack *pack;
    const struct timeline *t;
    const struct marks *marks; /* NULL: no registers */
    int32_t day;
    int threads; /* 0: as many as cores; the same answer for any number */
};
MUST_CHECK enum err signs_find(struct job *j, const struct sign_order *order,
                               struct sign_list *out);

/* The sentence of a sign that was found. */
const char *sign_words(struct job *j, const struct sign_rule *r, const struct sign_found *f);
/* The tier of a set of domains (bit each): how many; 0 without one about attendance,
 * behaviour or moves. */
int sign_tier(unsigned domains);
/* The domains of the rules met. */
unsigned sign_domains(const struct sign_pack *pack, uint32_t met);
