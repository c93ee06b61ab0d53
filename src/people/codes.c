#include "people/codes.h"

static const struct code codes[] = {
#define CODE(set, code, first, last, becomes, label)                           \
    {CODE_##set, code, first, last, becomes, label, false},
#define CODE_UNVERIFIED(set, code, first, last, becomes, label)                \
    {CODE_##set, code, first, last, becomes, label, true},
#include "people/codes.def"
#include "people/codes_care.def"
#include "people/codes_looked_after.def"
#include "people/codes_plans.def"
#include "people/codes_ethnicity.def"
#include "people/codes_registers.def"
#undef CODE
#undef CODE_UNVERIFIED
#define CODE(code, class, first, last, label)                                  \
    {CODE_ATTENDANCE, code, first, last, NULL, label, false},
#include "people/attendance.def"
#undef CODE
    {CODE_NONE, NULL, 0, 0, NULL, NULL, false},
};

static const char *const set_names[CODE_SETS] = {
    [CODE_NONE] = "text",
#define CODE_SET(set, name) [CODE_##set] = name,
#include "people/code_sets.def"
#undef CODE_SET
};

const struct code *
code_find(enum code_set set, struct span code)
{
    code = span_trim(code);
    for (const struct code *c = codes; c->code; c++)
        if (c->set == set && span_is_nocase(code, c->code))
            return c;
    return NULL;
}

bool
code_valid_in(const struct code *c, int32_t school_year)
{
    return school_year == 0 || ((c->first == 0 || school_year >= c->first) &&
                                (c->last == 0 || school_year <= c->last));
}

/* DfE's lists keep H and J after August 2024 and its figures count them; FIXD and OT are in
 * exports of 2024/25, and each system that reads them takes FIXD for SUSP. */
static const struct {
    enum code_set set;
    const char *code;
} tolerated[] = {
    {CODE_EXCLUSION_CATEGORY, "FIXD"},
    {CODE_EXCLUSION_REASON, "OT"},
    {CODE_ATTENDANCE, "H"},
    {CODE_ATTENDANCE, "J"},
};

bool
code_tolerated(const struct code *c)
{
    for (size_t i = 0; i < sizeof tolerated / sizeof *tolerated; i++)
        if (c->set == tolerated[i].set && !strcmp(c->code, tolerated[i].code))
            return true;
    return false;
}

const char *
code_stored(const struct code *c)
{
    return c->becomes ? c->becomes : c->code;
}

const char *
code_label(enum code_set set, const char *code)
{
    const struct code *c = code ? code_find(set, span_of(code)) : NULL;

    return c ? c->label : code;
}

const char *
code_set_name(enum code_set set)
{
    return set_names[set];
}

const struct code *
code_all(void)
{
    return codes;
}

/* A hash table with open addressing, at most half full. */
struct code_index {
    size_t mask;
    struct code_entry slot[];
};

static char
upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c & ~32) : c;
}

static size_t
hash(struct span code)
{
    uint32_t h = 2166136261U;

    for (size_t i = 0; i < code.n; i++)
        h = (h ^ (unsigned char)upper(code.s[i])) * 16777619U;
    return h ^ h >> 15;
}

static const struct code *
set_start(enum code_set set, size_t *n)
{
    const struct code *c = codes, *end;

    while (c->code && c->set != set)
        c++;
    for (end = c; end->code && end->set == set; end++)
        ;
    *n = (size_t)(end - c);
    return c;
}

struct code_index *
code_index(struct job *j, enum code_set set)
{
    size_t n, size = 4;
    const struct code *rows = set_start(set, &n);
    struct code_index *x;

    while (size < 2 * n)
        size *= 2;
    x = job_alloc(j, sizeof *x + size * sizeof x->slot[0]);
    x->mask = size - 1;
    for (size_t i = 0; i < n; i++) {
        size_t at = hash(span_of(rows[i].code)) & x->mask;
        const char *stored = code_stored(&rows[i]);
        while (x->slot[at].code)
            at = (at + 1) & x->mask;
        x->slot[at] = (struct code_entry){&rows[i], stored, strlen(stored), (int)i};
        if (rows[i].becomes && code_find(set, span_of(stored)))
            x->slot[at].position = (int)(code_find(set, span_of(stored)) - rows);
    }
    return x;
}

const struct code_entry *
code_lookup(const struct code_index *x, struct span code)
{
    for (size_t at = hash(code) & x->mask; x->slot[at].code; at = (at + 1) & x->mask)
        if (span_is_nocase(code, x->slot[at].code->code))
            return &x->slot[at];
    return NULL;
}
