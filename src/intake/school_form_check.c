#include "base/text.h"
#include "intake/school_form.h"
#include "people/ground.h"
#include "returns/reader.h"

/* ---- days, schools, words -------------------------------------------------------- */

int32_t
school_form_day(const char *typed)
{
    struct span part[3];
    int64_t n[3];
    const char *at = typed;

    for (int i = 0; i < 3; i++) {
        const char *end = strchr(at, '/');
        if ((end == NULL) != (i == 2))
            return DATE_NONE;
        part[i] = span_trim((struct span){at, end ? (size_t)(end - at) : strlen(at)});
        if (!text_to_int(part[i].s, part[i].n, &n[i]) || n[i] < 1 || n[i] > 9999)
            return DATE_NONE;
        at = end ? end + 1 : at;
    }
    if (part[2].n != 4 || !date_is_valid((int32_t)n[2], (int32_t)n[1], (int32_t)n[0]))
        return DATE_NONE;
    return date_from_ymd((int32_t)n[2], (int32_t)n[1], (int32_t)n[0]);
}

static bool
was_typed(const struct question *ask, const char *answer)
{
    return ask->kind == ASK_DATE ? strspn(answer, "/ ") != strlen(answer)
                                 : span_trim(span_of(answer)).n > 0;
}

static const char sql_by_urn[] = "SELECT urn FROM establishment WHERE urn = $1";
static const char sql_by_name[] =
    "SELECT CASE WHEN COUNT(*) = 1 THEN MAX(urn) ELSE 0 END FROM establishment "
    "WHERE la = $1 AND status = 1 AND LOWER(name) = LOWER($2)";

/* "900001", "Oakleaf Primary (900001)", or a name that one school of the area has; 0: none. */
static enum err
find_school(struct job *j, const char *typed, int64_t *urn)
{
    struct span s = span_trim(span_of(typed));
    const char *open = s.n && s.s[s.n - 1] == ')' ? strrchr(typed, '(') : NULL;
    struct span number = open ? (struct span){open + 1, (size_t)(s.s + s.n - 2 - open)} : s;
    int64_t n;

    if (text_to_int(number.s, number.n, &n))
        return db_int(j, sql_by_urn, ARGS(INT(n)), 0, urn);
    return db_int(j, sql_by_name, ARGS(INT(j->area), TEXT_N(s.s, s.n)), 0, urn);
}

static const char sql_name[] = "SELECT name FROM establishment WHERE urn = $1";

static enum err
school_words(struct job *j, const char *typed, const char **out)
{
    int64_t urn = 0;
    struct rows q;
    enum err e = find_school(j, typed, &urn);

    *out = typed;
    if (e || !urn)
        return e;
    db_ask(j, &q, sql_name, ARGS(INT(urn)));
    while (db_next(&q))
        *out = job_format(j, "%s (%lld)", row_text(&q, 0), (long long)urn);
    return db_done(&q);
}

static const char *
capital(struct job *j, const char *s)
{
    char *copy = job_copy(j, s);

    if (*copy >= 'a' && *copy <= 'z')
        *copy = (char)(*copy - 'a' + 'A');
    return copy;
}

enum err
school_form_words(struct job *j, const struct school_form *f, size_t ask, const char **out)
{
    const struct question *a = &school_form_about(f->kind).ask[ask];
    const char *typed = f->answer[ask];
    char *words = job_alloc(j, DATE_TEXT);
    int32_t day = DATE_NONE;

    *out = was_typed(a, typed) ? typed : "";
    if (!**out)
        return OK;
    switch (a->kind) {
    case ASK_DATE:
        if ((day = school_form_day(typed)) != DATE_NONE)
            *out = date_words(day, words);
        break;
    case ASK_RADIO:
    case ASK_SELECT:
        *out = capital(j, code_label(a->codes, typed));
        break;
    case ASK_GROUND:
        day = school_form_day(school_form_answer(f, "LeavingDate"));
        *out = capital(j, ground_words(j, typed[0], day == DATE_NONE ? j->today : day));
        break;
    case ASK_SCHOOL:
        return school_words(j, typed, out);
    case ASK_TEXT:
    case ASK_UPN:
    case ASK_NUMBER:
    case ASK_HOURS:
        break;
    }
    return OK;
}

/* ---- the text that is loaded ------------------------------------------------------ */

static const char *
quoted(struct job *j, const char *s)
{
    char *out = job_alloc(j, 2 * strlen(s) + 3), *at = out;

    *at++ = '"';
    for (; *s; s++) {
        if (*s == '"')
            *at++ = '"';
        *at++ = *s == '\n' || *s == '\r' ? ' ' : *s;
    }
    *at++ = '"';
    return out;
}

struct csv_text {
    struct job *j;
    const char *head, *row;
};

static void
put(struct csv_text *t, const char *column, const char *value)
{
    const char *comma = *t->head ? "," : "";

    t->head = job_format(t->j, "%s%s%s", t->head, comma, column);
    t->row = job_format(t->j, "%s%s%s", t->row, comma, quoted(t->j, value));
}

static const char *
stored(struct job *j, const struct question *a, const char *typed)
{
    struct span s = span_trim(span_of(typed));
    char *iso = job_alloc(j, DATE_TEXT);
    int32_t day;

    if (!was_typed(a, typed))
        return "";
    if (a->kind == ASK_DATE && (day = school_form_day(typed)) != DATE_NONE)
        return date_iso(day, iso);
    if (a->kind == ASK_SCHOOL && s.s[s.n - 1] == ')') {
        const char *open = strrchr(typed, '(');
        return open ? job_copy_n(j, open + 1, (size_t)(s.s + s.n - 2 - open)) : typed;
    }
    return job_copy_n(j, s.s, s.n);
}

/* The reference makes each form a file of its own, even where two say the same. */
const char *
school_form_text(struct job *j, const struct school_form *f)
{
    struct school_form_about a = school_form_about(f->kind);
    int32_t told = f->told == DATE_NONE ? j->today : f->told;
    struct csv_text t = {j, "", ""};
    char iso[DATE_TEXT];

    put(&t, "Reference", job_format(j, "F%lld", (long long)f->id));
    if (a.reg)
        put(&t, "Register", a.reg);
    put(&t, "SchoolURN", job_format(j, "%lld", (long long)f->urn));
    for (size_t i = 0; i < a.n; i++)
        put(&t, a.ask[i].column, stored(j, &a.ask[i], f->answer[i]));
    put(&t, a.reg ? "Extracted" : "Notified", date_iso(told, iso));
    if (f->kind == SCHOOL_FORM_SUSPENSION)
        put(&t, "Status", f->status);
    if (f->of.batch) {
        put(&t, "AmendsBatch", job_format(j, "%lld", (long long)f->of.batch));
        put(&t, "AmendsFile", job_format(j, "%lld", (long long)f->of.file));
        put(&t, "AmendsLine", job_format(j, "%lld", (long long)f->of.line));
    }
    return job_format(j, "%s\r\n%s\r\n", t.head, t.row);
}

/* ---- what must be mended ---------------------------------------------------------- */

struct check {
    struct job *j;
    const struct school_form *f;
    struct school_form_about about;
    struct school_form_checked *out;
};

static bool
has_problem(const struct check *c, size_t ask)
{
    for (size_t i = 0; i < c->out->n; i++)
        if (c->out->problem[i].ask == ask)
            return true;
    return false;
}

static void
wrong(struct check *c, size_t ask, const char *text)
{
    if (!has_problem(c, ask))
        c->out->problem[c->out->n++] = (struct school_form_problem){ask, text};
}

/* "First day" -> "Give the first day"; a question is asked again as it stands. */
static const char *
missing_words(struct job *j, const struct question *a)
{
    char *label = job_copy(j, a->label);
    size_t n = strlen(label);

    if (n && label[n - 1] == '?')
        return job_format(j, "Answer: %s", label);
    if (label[0] >= 'A' && label[0] <= 'Z')
        label[0] = (char)(label[0] - 'A' + 'a');
    return job_format(j, a->kind == ASK_SELECT || a->kind == ASK_GROUND ? "Choose the %s"
                                                                       : "Give the %s", label);
}

static bool
is_code(const struct question *a, const char *typed)
{
    const struct code *c = code_find(a->codes, span_of(typed));

    return c != NULL;
}

static void
check_day(struct check *c, size_t i)
{
    const struct question *a = &c->about.ask[i];
    int32_t day = school_form_day(c->f->answer[i]), first = DATE_NONE;

    if (day == DATE_NONE) {
        wrong(c, i, job_format(c->j, "%s: give a day, a month and a year with four digits, such "
                                     "as 16 11 2026", a->label));
        return;
    }
    for (size_t k = 0; k < c->about.n; k++)
        if (c->about.ask[k].rules & ASK_FROM)
            first = school_form_day(c->f->answer[k]);
    if (a->rules & ASK_AFTER && first != DATE_NONE && day < first)
        wrong(c, i, job_format(c->j, "%s: give a day that is not before the first one", a->label));
    if (!strcmp(a->column, "DOB") && day > c->j->today)
        wrong(c, i, "Give a date of birth that is in the past");
}

static enum err
check_answer(struct check *c, size_t i)
{
    const struct question *a = &c->about.ask[i];
    const char *typed = c->f->answer[i];
    struct span s = span_trim(span_of(typed));
    int64_t n = 0;
    enum err e = OK;

    if (!was_typed(a, typed)) {
        if (a->rules & ASK_NEEDED && !(a->rules & ASK_PUPIL && c->f->person) &&
            !school_form_cancels(c->f))
            wrong(c, i, missing_words(c->j, a));
        return OK;
    }
    if (a->kind == ASK_DATE)
        check_day(c, i);
    else if (a->kind == ASK_NUMBER && (!text_to_int(s.s, s.n, &n) || n < 1 || n > 400))
        wrong(c, i, job_format(c->j, "%s: give a whole number from 1 to 400", a->label));
    else if ((a->kind == ASK_RADIO || a->kind == ASK_SELECT || a->kind == ASK_GROUND) &&
             !is_code(a, typed))
        wrong(c, i, "Choose one of the list");
    else if (a->kind == ASK_SCHOOL && !(e = find_school(c->j, typed, &n)) && !n)
        wrong(c, i, job_format(c->j, "%s: choose a school of the list, or give its URN", a->label));
    return e;
}

/* What hangs together: how long it lasts, or that it is for good. */
static void
check_suspension(struct check *c)
{
    bool permanent = !strcmp(school_form_answer(c->f, "Category"), "PERM");
    size_t ended = school_form_ask(c->f->kind, "EndDate");
    size_t sessions = school_form_ask(c->f->kind, "Sessions");
    bool has_end = was_typed(&c->about.ask[ended], c->f->answer[ended]);

    if (permanent && has_end)
        wrong(c, ended, "A permanent exclusion has no last day: leave it blank");
    if (!permanent && !has_end)
        wrong(c, ended, "Give the last day of the suspension");
    if (!permanent && !*c->f->answer[sessions])
        wrong(c, sessions, "Give the half days of school missed");
}

/* ---- the checks of the layout ------------------------------------------------------ */

static enum err
take_record(struct job *j, void *arg, const struct record *r)
{
    (void)j;
    (void)arg;
    (void)r;
    return OK;
}

static enum err
take_finding(struct job *j, void *arg, const struct finding *x)
{
    struct check *c = arg;
    size_t i = x->field ? school_form_ask(c->f->kind, x->field) : QUESTIONS_MOST;

    if (x->refused && i < QUESTIONS_MOST)
        wrong(c, i, job_copy(j, x->message));
    else if (c->out->n_remarks < 2 * QUESTIONS_MOST)
        c->out->remark[c->out->n_remarks++] = job_copy(j, x->message);
    return OK;
}

static enum err
check_as_file(struct job *j, struct check *c)
{
    const char *text = school_form_text(j, c->f);
    struct reading reading = {date_school_year(j->today), 0};
    struct receiver to = {.arg = c, .record = take_record, .finding = take_finding,
                          .reading = &reading};
    struct returns_file *file;
    struct returns_counts counts;
    enum err e = returns_open_bytes(j, "form.csv", text, strlen(text), &file);

    return e ? e : returns_read(j, file, &to, &counts);
}

/* In the order of the page. */
static int
by_question(const void *a, const void *b)
{
    const struct school_form_problem *x = a, *y = b;

    return (x->ask > y->ask) - (x->ask < y->ask);
}

enum err
school_form_check(struct job *j, const struct school_form *f, struct school_form_checked *out)
{
    struct check c = {j, f, school_form_about(f->kind), out};
    enum err e = OK;

    *out = (struct school_form_checked){0};
    for (size_t i = 0; !e && i < c.about.n; i++)
        e = check_answer(&c, i);
    if (f->kind == SCHOOL_FORM_SUSPENSION && !school_form_cancels(f))
        check_suspension(&c);
    if (!e && !out->n)
        e = check_as_file(j, &c);
    qsort(out->problem, out->n, sizeof *out->problem, by_question);
    return e || out->n || school_form_changes(f) ? e : school_form_same(j, f, &out->same);
}
