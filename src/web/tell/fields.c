#include "base/text.h"
#include "people/ground.h"
#include "web/tell/tell.h"

const char *
tell_path(struct job *j, const struct school_form *f)
{
    return job_format(j, f->sent ? "/told/%lld" : "/tell/drafts/%lld", (long long)f->id);
}

bool
tell_is_asked(const struct school_form *f, const struct question *a)
{
    if (school_form_cancels(f))
        return false;
    return !(f->person && a->rules & ASK_PUPIL) &&
           !(school_form_changes(f) && a->rules & ASK_FIXED);
}

/* ---- what can be chosen ------------------------------------------------------------ */

static const char *
option_text(struct job *j, const struct question *a, const struct code *c)
{
    const struct ground *g = a->kind == ASK_GROUND ? ground_of(c->code[0], j->today) : NULL;
    char *label;

    if (g)
        return job_format(j, "%c: %s", c->code[0] - 'A' + 'a', g->label);
    label = job_copy(j, c->label);
    if (*label >= 'a' && *label <= 'z')
        *label = (char)(*label - 'a' + 'A');
    return label;
}

/* The codes that are stored as they are, in use this school year. */
static bool
is_offered(const struct question *a, const struct code *c, int32_t today)
{
    bool itself = !c->becomes || !strcasecmp(c->becomes, c->code);

    return c->set == a->codes && itself && code_valid_in(c, date_school_year(today));
}

static void
fill_options(struct job *j, const struct question *a, const char *typed, struct field *f)
{
    struct option *o;
    const char **ids;
    size_t n = 1;

    for (const struct code *c = code_all(); c->code; c++)
        n += is_offered(a, c, j->today);
    o = job_array(j, n, sizeof *o);
    ids = job_array(j, n, sizeof *ids);
    n = 0;
    if (a->kind != ASK_RADIO)
        o[n++] = (struct option){"", a->rules & ASK_NEEDED ? "Choose one" : "Not given", !*typed};
    for (const struct code *c = code_all(); c->code; c++) {
        if (!is_offered(a, c, j->today))
            continue;
        ids[n] = n ? job_format(j, "%s-%zu", a->column, n + 1) : a->column;
        o[n++] = (struct option){c->code, option_text(j, a, c), !strcasecmp(typed, c->code)};
    }
    f->options = o;
    f->ids = ids;
    f->n = n;
}

/* ---- a question --------------------------------------------------------------------- */

static const char *
typed_part(struct job *j, const char *typed, int i)
{
    const char *end;

    while (i-- > 0) {
        typed = strchr(typed, '/');
        if (!typed++)
            return "";
    }
    end = strchr(typed, '/');
    return job_copy_n(j, typed, end ? (size_t)(end - typed) : strlen(typed));
}

static const struct ask_look {
    enum field_look look;
    const char *size, *digits;
} looks[] = {
    [ASK_TEXT] = {LOOK_LINE, "", NULL},
    [ASK_UPN] = {LOOK_LINE, "govuk-input--w12", NULL},
    [ASK_DATE] = {LOOK_DAY, "", NULL},
    [ASK_NUMBER] = {LOOK_LINE, "govuk-input--w3", "numeric"},
    [ASK_HOURS] = {LOOK_LINE, "govuk-input--w3", "decimal"},
    [ASK_RADIO] = {LOOK_RADIOS, "", NULL},
    [ASK_SELECT] = {LOOK_LIST, "", NULL},
    [ASK_SCHOOL] = {LOOK_LINE, "", NULL},
    [ASK_GROUND] = {LOOK_LIST, "", NULL},
};

static struct field
field_of(struct job *j, const struct question *a, const char *typed, const char *problem)
{
    const struct ask_look *k = &looks[a->kind];
    struct field f = {.look = k->look, .name = a->column, .label = a->label,
        .hint = *a->hint ? a->hint : NULL, .problem = problem, .value = typed, .size = k->size,
        .digits = k->digits, .places = a->kind == ASK_SCHOOL,
        .day = "", .month = "", .year = ""};

    if (f.hint || problem)
        f.about = job_format(j, "%s%s%s%s%s", f.hint ? a->column : "", f.hint ? "-hint" : "",
                             f.hint && problem ? " " : "", problem ? a->column : "",
                             problem ? "-problem" : "");
    if (k->look == LOOK_DAY) {
        f.day = typed_part(j, typed, 0);
        f.month = typed_part(j, typed, 1);
        f.year = typed_part(j, typed, 2);
    } else if (k->look != LOOK_LINE) {
        fill_options(j, a, typed, &f);
    }
    return f;
}

void
tell_fields(struct job *j, const struct school_form *f, const struct problems *p,
            struct form_page *out)
{
    struct school_form_about a = school_form_about(f->kind);
    struct field *v = job_array(j, a.n, sizeof *v);

    out->n = 0;
    for (size_t i = 0; i < a.n; i++)
        if (tell_is_asked(f, &a.ask[i]))
            v[out->n++] = field_of(j, &a.ask[i], f->answer[i], problem_of(p, a.ask[i].column));
    out->fields = v;
}

/* ---- what was typed ------------------------------------------------------------------ */

/* No longer than is kept, and never half a letter. */
static const char *
cut(struct job *j, const char *s)
{
    struct span t = span_trim(span_of(s));

    if (t.n > ANSWER_MOST)
        for (t.n = ANSWER_MOST; t.n && (t.s[t.n] & 0xC0) == 0x80; )
            t.n--;
    return job_copy_n(j, t.s ? t.s : "", t.n);
}

static const char *
day_part(struct job *j, const struct request *q, const char *column, const char *part)
{
    const char *typed = request_form(q, job_format(j, "%s-%s", column, part));
    char *s = job_copy(j, cut(j, typed ? typed : ""));

    for (char *p = s; *p; p++)
        if (*p == '/')
            *p = ' ';
    return s;
}

void
tell_take(struct job *j, const struct request *q, struct school_form *f)
{
    struct school_form_about a = school_form_about(f->kind);

    for (size_t i = 0; i < a.n; i++) {
        const char *column = a.ask[i].column, *typed;
        if (!tell_is_asked(f, &a.ask[i]))
            continue;
        if (a.ask[i].kind == ASK_DATE) {
            f->answer[i] = job_format(j, "%s/%s/%s", day_part(j, q, column, "day"),
                                      day_part(j, q, column, "month"),
                                      day_part(j, q, column, "year"));
            if (!strcmp(f->answer[i], "//"))
                f->answer[i] = "";
        } else {
            typed = request_form(q, column);
            f->answer[i] = cut(j, typed ? typed : "");
        }
    }
}

static const char *
without_optional(struct job *j, const char *label)
{
    const char *at = strstr(label, " (optional)");

    return at ? job_copy_n(j, label, (size_t)(at - label)) : label;
}

enum err
tell_answers(struct job *j, const struct school_form *f, bool known_only,
             const struct named **out, size_t *n)
{
    struct school_form_about a = school_form_about(f->kind);
    struct named *v = job_array(j, a.n + 1, sizeof *v);
    enum err e = OK;

    *n = 0;
    v[(*n)++] = (struct named){.name = "School", .value = f->school};
    for (size_t i = 0; !e && i < a.n; i++) {
        const char *words;
        if (known_only && tell_is_asked(f, &a.ask[i]))
            continue;
        if ((e = school_form_words(j, f, i, &words)))
            return e;
        if (*words || !known_only)
            v[(*n)++] = (struct named){.name = without_optional(j, a.ask[i].label),
                                       .value = *words ? words : "Not given"};
    }
    *out = v;
    return e;
}
