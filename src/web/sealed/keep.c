/* How long a sealed record is kept, what holds it, and what went: for its custodians. */
#include "base/date.h"
#include "intake/retention_sealed.h"
#include "ui/words.h"
#include "web/guard/guard.h"
#include "web/sealed/sealed.h"

static const char *
day_words(struct job *j, int32_t day)
{
    char words[DATE_TEXT];

    return job_copy(j, date_words(day, words));
}

static const char *
says(struct job *j, const struct retention_sealed *s)
{
    const char *why = s->rule == RETAIN_CARE   ? ", because the child was looked after"
                      : s->rule == RETAIN_PLAN ? ", because the child had a plan"
                                               : "";
    const char *until = job_format(j, "%s, %s after %s%s", day_words(j, s->until),
                                   retention_span(j, s->months),
                                   s->born ? "the child’s birth" : "it was first told of", why);

    if (s->all)
        return job_format(j, "Everything the authority keeps is held. Its time is over on %s.",
                          until);
    if (s->n_holds)
        return job_format(j, "It is held. Its time is over on %s.", until);
    return job_format(j, "It goes on %s, or later, when no register tells of the child any more.",
                      until);
}

enum err
sealed_keep(struct job *j, const struct key *k, int64_t person, struct sealed_page *p)
{
    struct retention_sealed s;
    struct sealed_hold *v;
    enum err e = retention_sealed_get(j, k, person, &s);

    if (e)
        return e;
    v = job_array(j, s.n_holds, sizeof *v);
    for (size_t i = 0; i < s.n_holds; i++)
        v[i] = (struct sealed_hold){
            .says = job_format(j, "Held since %s by %s: %s", guard_when(j, s.holds[i].since),
                               s.holds[i].set_by, s.holds[i].why),
            .id = s.holds[i].id, .field = job_format(j, "end-%lld", (long long)s.holds[i].id)};
    p->keep = says(j, &s);
    p->holds = v;
    p->n_holds = s.n_holds;
    return OK;
}

/* ---- a hold, and its end -------------------------------------------------------------------- */

enum err
sealed_hold_add(struct job *j, const struct request *q)
{
    return retention_sealed_hold(j, request_part_id(q, 0), request_form(q, "hold"));
}

enum err
sealed_hold_end(struct job *j, const struct request *q)
{
    const char *hold = request_form(q, "end");
    int64_t id = hold ? strtoll(hold, NULL, 10) : 0;

    return retention_sealed_release(j, &(struct retention_sealed_end){
        request_part_id(q, 0), id,
        request_form(q, job_format(j, "end-%lld", (long long)id))});
}

/* ---- what went ------------------------------------------------------------------------------ */

enum err
sealed_gone(struct job *j, struct table *out)
{
    static const struct column columns[] = {{"Child", false}, {"What", false},
        {"Counted from", false}, {"Removed", false}};
    enum { N = sizeof columns / sizeof *columns };
    struct retention_gone *v;
    struct cell *cell;
    size_t n;
    enum err e = retention_sealed_gone(j, &v, &n);

    cell = job_array(j, N * n, sizeof *cell);
    for (size_t i = 0; !e && i < n; i++) {
        struct cell *row = cell + N * i;
        row[0].text = job_format(j, "Number %lld", (long long)v[i].subject);
        row[1].text = words_capital(j, retention_words(v[i].rule).words);
        row[2].text = day_words(j, v[i].since);
        row[3].text = guard_when(j, v[i].gone);
    }
    *out = (struct table){.name = "What went", .columns = columns, .n_columns = N, .cells = cell,
                          .n_rows = n, .stack = true};
    return e;
}
