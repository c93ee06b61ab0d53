#include "base/date.h"
#include "ui/words.h"
#include "web/directory/find.h"

const char *
find_title(struct job *j, const struct find_asked *a, uint32_t services)
{
    const char *title = services ? words_counted(j, services, "service", "services")
                                 : "No service";

    if (a->search.words && a->search.words[0])
        title = job_format(j, "%s for “%s”", title, a->search.words);
    if (a->outward)
        title = job_format(j, "%s %s %s", title, a->area ? "that come to" : "near", a->outward);
    if (a->age_words)
        title = job_format(j, "%s for %s", title, a->age_words);
    return title;
}

/* ---- why a result is there ------------------------------------------------------------------- */

static const char *const fields[SEARCH_FIELDS] = {
    [SEARCH_NAME] = "in its name", [SEARCH_ORGANISATION] = "in the name of the organisation",
    [SEARCH_NEEDS] = "in what it helps with", [SEARCH_SUMMARY] = "in its summary",
    [SEARCH_DESCRIPTION] = "in its description", [SEARCH_PLACE] = "in where it is",
    [SEARCH_OTHER] = "in how to come to it",
};

/* Months as years: "4 to 16". */
static const char *
age_range(struct job *j, const struct search_why *w)
{
    long long from = w->n / 12, to = (w->m - 1) / 12;

    if (w->n < 0)
        return job_format(j, "up to %lld", to);
    return w->m < 0 ? job_format(j, "from %lld", from) : job_format(j, "%lld to %lld", from, to);
}

static const char *
unchecked(struct job *j, const struct search_why *w)
{
    char day[DATE_TEXT];

    if (!w->n)
        return "It is lower in the list because nobody has checked it yet";
    return job_format(j, "It is lower in the list because it was last checked on %s",
                      date_words((int32_t)w->n, day));
}

static const char *
why_words(struct job *j, const struct search_why *w)
{
    switch (w->kind) {
    case WHY_WORD:
        return job_format(j, "“%s” stands %s", w->asked, fields[w->field]);
    case WHY_MEANING:
        return job_format(j, "You searched for “%s”, which we also match to “%s”", w->asked,
                          w->found);
    case WHY_SPELLING:
        return job_format(j, "We read “%s” as “%s”", w->asked, w->found);
    case WHY_BEGINNING:
        return job_format(j, "“%s” begins with “%s”", w->found, w->asked);
    case WHY_AGE:
        return job_format(j, "It takes ages %s", age_range(j, w));
    case WHY_AGE_UNKNOWN:
        return "It does not say which ages it takes: ask first";
    case WHY_NEAR:
        return job_format(j, "It is %s away", distance_words(j, (uint32_t)w->n));
    case WHY_SERVES:
        return "It comes to people in your area";
    case WHY_EVERYWHERE:
        return "It is for people everywhere";
    case WHY_AREA_UNKNOWN:
        return "It does not say for which area it is: ask first";
    case WHY_EVIDENCE:
        return "At least one rigorous study compared it with doing something else";
    case WHY_UNCHECKED:
        return unchecked(j, w);
    case WHY_HARMFUL:
        return "It is last because the approach was found harmful";
    }
    return NULL;
}

size_t
find_why(struct job *j, const struct search_hit *h, const char *const **out)
{
    const char **v = job_array(j, h->n_why + 1, sizeof *v);
    size_t n = 0;

    for (size_t i = 0; i < h->n_why; i++)
        if ((v[n] = why_words(j, &h->why[i])) != NULL)
            n++;
    *out = v;
    return n;
}
