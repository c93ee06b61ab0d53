/* Words of a sign: "{missed} of {possible}" with numbers, days and dates filled in. */
#include "risk/sign_words.h"

static const struct {
    const char *limits, *values;
} names[SIGN_KINDS] = {
#define SIGN(id, name, function, source, audience, limits, values) [id] = {limits, values},
#include "risk/signs.def"
#undef SIGN
};

int
names_find(const char *list, struct span name)
{
    int at = 0;

    while (*list) {
        size_t n = strcspn(list, " ");
        if (n == name.n && !memcmp(list, name.s, n))
            return at;
        list += n + strspn(list + n, " ");
        at++;
    }
    return -1;
}

int
names_count(const char *list)
{
    int n = 0;

    for (; *list; n++) {
        list += strcspn(list, " ");
        list += strspn(list, " ");
    }
    return n;
}

/* Half days: "1 day", "2.5 days". */
static const char *
days_words(struct job *j, int sessions)
{
    if (sessions == 2)
        return "1 day";
    if (sessions == 1)
        return "half a day";
    return job_format(j, "%d%s days", sessions / 2, sessions % 2 ? ".5" : "");
}

static const char *
times_words(struct job *j, int n)
{
    if (n == 1)
        return "once";
    return n == 2 ? "twice" : job_format(j, "%d times", n);
}

/* What every kind may say, from its values: {percent}, {days}, {times}, {on}. */
static const char *
derived(struct job *j, const struct sign_rule *r, const struct sign_found *f, struct span name)
{
    const char *values = names[r->kind].values;
    char number[TEXT_NUMBER], day[DATE_TEXT];
    int missed = names_find(values, SPAN("missed")), of = names_find(values, SPAN("possible"));
    int sessions = names_find(values, SPAN("sessions")), n = names_find(values, SPAN("count"));

    if (span_is(name, "percent") && missed >= 0 && of >= 0)
        return job_format(j, "%s%%", f->value[of] > 0 ? text_percent(f->value[missed],
                                                                     f->value[of], 0, number)
                                                      : "0");
    if (span_is(name, "days") && sessions >= 0)
        return days_words(j, f->value[sessions]);
    if (span_is(name, "times") && n >= 0)
        return times_words(j, f->value[n]);
    if (span_is(name, "on"))
        return job_copy(j, date_words(f->on, day));
    return NULL;
}

static const char *
value_of(struct job *j, const struct sign_rule *r, const struct sign_found *f, struct span name)
{
    int value = names_find(names[r->kind].values, name);
    int limit = names_find(names[r->kind].limits, name);
    const char *other = derived(j, r, f, name);

    if (other)
        return other;
    if (value >= 0)
        return job_format(j, "%d", f->value[value]);
    return limit >= 0 ? job_format(j, "%d", r->limit[limit]) : NULL;
}

/* The next placeholder of words from `at`: its name, where it starts and what follows. */
static bool
placeholder(const char *at, struct span *before, struct span *name, const char **after)
{
    const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;

    if (!close)
        return false;
    *before = (struct span){at, (size_t)(open - at)};
    *name = (struct span){open + 1, (size_t)(close - open - 1)};
    *after = close + 1;
    return true;
}

const char *
sign_words_check(struct job *j, const struct sign_rule *r, const char *words)
{
    static const struct sign_found none = {.on = DATE_NONE};
    struct span before, name;

    while (placeholder(words, &before, &name, &words))
        if (!value_of(j, r, &none, name))
            return job_format(j, "{%.*s}", (int)name.n, name.s);
    return NULL;
}

const char *
sign_words(struct job *j, const struct sign_rule *r, const struct sign_found *f)
{
    const char *words = f->variant < SIGN_VARIANTS && r->words[f->variant] ? r->words[f->variant]
                                                                           : r->words[0];
    const char *out = "";
    struct span before, name;

    while (placeholder(words, &before, &name, &words)) {
        const char *value = value_of(j, r, f, name);
        out = job_format(j, "%s%.*s%s", out, (int)before.n, before.s, value ? value : "");
    }
    return job_format(j, "%s%s", out, words);
}
