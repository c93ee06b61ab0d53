#include "base/date.h"
#include "directory/evidence.h"
#include <string.h>

static const struct evidence_scale_row scales[] = {
#define SCALE(id, name, title, rates, source, own) {name, title, rates, source, own},
#define RATING(scale, name, shown, finding, wording, words)
#define SMS(level, words)
#include "directory/evidence_scales.def"
#undef SCALE
#undef RATING
};

enum { SURE, UNVERIFIED };
static const struct evidence_rating ratings[] = {
#define SCALE(id, name, title, rates, source, own)
#define RATING(scale, name, shown, finding, wording, words)                                        \
    {scale, name, shown, words, EVIDENCE_##finding, (wording) == UNVERIFIED},
#include "directory/evidence_scales.def"
#undef RATING
#undef SMS
};

static const char *const levels[] = {
#define RATING(scale, name, shown, finding, wording, words)
#define SMS(level, words) [level] = words,
#include "directory/evidence_scales.def"
#undef SCALE
#undef RATING
#undef SMS
};

enum { RATINGS = sizeof ratings / sizeof *ratings, LEVELS = sizeof levels / sizeof *levels };

const struct evidence_scale_row *
evidence_scale(enum evidence_scale s)
{
    return &scales[s];
}

bool
evidence_scale_find(const char *name, enum evidence_scale *out)
{
    for (int i = 0; i < EVIDENCE_SCALES; i++)
        if (strcmp(scales[i].name, name) == 0) {
            *out = (enum evidence_scale)i;
            return true;
        }
    return false;
}

const struct evidence_rating *
evidence_ratings(size_t *n)
{
    *n = RATINGS;
    return ratings;
}

const struct evidence_rating *
evidence_rating_find(enum evidence_scale s, const char *name)
{
    for (size_t i = 0; i < RATINGS; i++)
        if (ratings[i].scale == s && strcmp(ratings[i].name, name) == 0)
            return &ratings[i];
    return NULL;
}

const char *
evidence_sms(int level)
{
    return level > 0 && level < LEVELS ? levels[level] : NULL;
}

static const char *
runs(const struct evidence_claim *c)
{
    if (c->fidelity && strcmp(c->fidelity, "adapted") == 0)
        return " This provider runs an adapted version.";
    if (c->fidelity && strcmp(c->fidelity, "approach") == 0)
        return " This service takes the same approach; it was not studied itself.";
    return "";
}

static const char *
judged(const struct evidence_claim *c)
{
    if (strcmp(c->assessed, "self") == 0)
        return " Self-assessed.";
    return strcmp(c->assessed, "commissioner") == 0 ? " Assessed by the commissioner." : "";
}

const char *
evidence_found(const struct evidence_claim *c)
{
    if (c->rating->finding == EVIDENCE_HARMFUL)
        return "Found harmful";
    return c->rating->finding == EVIDENCE_INEFFECTIVE ? "Found not effective" : c->rating->words;
}

const char *
evidence_sentence(struct job *j, const struct evidence_claim *c)
{
    bool bad = c->rating->finding >= EVIDENCE_INEFFECTIVE;

    return job_format(j, "%s%s%s %s (%d) for %s%s%s.%s%s", bad ? evidence_found(c) : "",
                      bad ? ": " : "", scales[c->rating->scale].title, c->rating->shown,
                      (int)date_to_ymd(c->rated).year, c->outcome, *c->population ? ", " : "",
                      c->population, judged(c), runs(c));
}
