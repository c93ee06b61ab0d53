#include "intake/marks_in.h"

static const size_t MEMORY = (size_t)192 * JOB_MB;

enum {
    FIRST_MONDAY = 4,    /* 5 January 1970 */
    MOST_DAYS = 400,     /* of a string: a school year and its holidays */
    SUNDAYS = 2,         /* with marks: then the string leaves out weekends */
    MOST_URN = 1 << 30,
};

int32_t
marks_monday(int16_t week)
{
    return week * 7 + FIRST_MONDAY;
}

int16_t
marks_week_of(int32_t date)
{
    return (int16_t)((date - date_weekday(date) - FIRST_MONDAY) / 7);
}

/* ---- beginning -------------------------------------------------------------------- */

static void
end_memory(void *arg)
{
    job_end(arg);
}

static void
index_codes(struct marks_in *m)
{
    memset(m->one, -1, sizeof m->one);
    for (int c = 0; c < ATTENDANCE_CODES; c++) {
        const char *name = attendance_name(c);
        if (name[1])
            continue;
        m->one[(unsigned char)name[0]] = (int8_t)c;
        if (name[0] >= 'A' && name[0] <= 'Z')
            m->one[(unsigned char)(name[0] | 32)] = (int8_t)c;
    }
    m->one[' '] = m->one['-'];
}

enum err
marks_begin(struct job *j, struct loading *l, struct marks_in **out)
{
    struct marks_in *m = job_alloc(j, sizeof *m);
    enum err e;

    m->l = l;
    m->salt = map_salt_new();
    m->today = date_of_time(j->now, NULL);
    index_codes(m);
    job_init(&m->memory, MEMORY);
    job_on_end(j, end_memory)->arg = &m->memory;
    m->slot = job_try_alloc(&m->memory, MARKS_SLOTS * sizeof *m->slot);
    m->week = job_array(j, MARKS_WEEKS, sizeof *m->week);
    *out = m;
    if (!m->slot)
        return err_set(j, ERR_BUSY, "the machine has no memory left for this load");
    if ((e = map_open(j, 0, &m->entry_at)) || (e = map_open(j, 0, &m->upn_at)) ||
        (e = map_open(j, 0, &m->tell_at)) ||
        (e = pile_open(j, sizeof(struct marks_tell), &m->tells)))
        return e;
    return school_days_load(j, INT64_MAX, &m->calendars);
}

/* ---- who -------------------------------------------------------------------------- */

static enum err
no_memory(struct job *j)
{
    err_set(j, ERR_BUSY, "the machine has no memory left for this load");
    return err_hint(j, "Load fewer files at once, or use a machine with more memory.");
}

static void *
grown(struct marks_in *m, const void *old, uint32_t n, uint32_t *size, size_t width)
{
    uint32_t more = *size ? 2 * *size : 1 << 14;
    void *mem = job_try_alloc(&m->memory, more * width);

    if (mem && n)
        memcpy(mem, old, n * width);
    if (mem)
        *size = more;
    return mem;
}

static bool
is_known(const struct marks_in *m, uint32_t at, struct span upn)
{
    return m->known[at].n == upn.n && !memcmp(m->known[at].upn, upn.s, upn.n);
}

static enum err
add_known(struct job *j, struct marks_in *m, const struct place *at, struct span upn,
          uint32_t *out)
{
    struct description d = {.source = IDENTITY_NOTIFICATION, .upn = upn, .born = DATE_NONE};
    struct identity who;
    enum err e = loading_who(j, m->l, at, &d, &who);

    if (e)
        return e;
    if (m->n_known == m->known_size) {
        void *mem = grown(m, m->known, m->n_known, &m->known_size, sizeof *m->known);
        if (!mem)
            return no_memory(j);
        m->known = mem;
    }
    *out = m->n_known++;
    m->known[*out] = (struct marks_known){.identity_id = who.identity_id};
    if (upn.n <= sizeof m->known->upn) { /* else it is looked up each time */
        m->known[*out].n = (uint8_t)upn.n;
        memcpy(m->known[*out].upn, upn.s, upn.n);
    }
    return OK;
}

static enum err
find_known(struct job *j, struct marks_in *m, const struct place *at, struct span upn,
           uint32_t *out)
{
    uint64_t key = map_key(&m->salt, upn.s, upn.n);
    int64_t *known = map_find(m->upn_at, key);
    enum err e;

    if (known) {
        *out = (uint32_t)*known;
        return OK;
    }
    e = add_known(j, m, at, upn, out);
    return e ? e : map_put(j, m->upn_at, key, *out);
}

enum err
marks_who(struct job *j, struct marks_in *m, const struct place *at, struct span upn,
          int64_t *identity_id)
{
    uint32_t last = m->last_known, found = last;
    enum err e = OK;

    *identity_id = 0;
    if (!upn.n)
        return loading_find(j, m->l, at, FOUND_MARK_NOBODY, NULL);
    if (m->n_known && !is_known(m, last, upn)) {
        found = m->known[last].next;
        if (!is_known(m, found, upn))
            e = find_known(j, m, at, upn, &found);
        m->known[last].next = found;
    } else if (!m->n_known) {
        e = find_known(j, m, at, upn, &found);
    }
    if (e)
        return e;
    m->last_known = found;
    *identity_id = m->known[found].identity_id;
    return OK;
}

/* ---- entries and slots ------------------------------------------------------------ */

static bool
is_entry(const struct marks_in *m, uint32_t at, int64_t identity_id, int64_t urn)
{
    return m->entry[at].identity_id == identity_id && m->entry[at].urn == (uint32_t)urn;
}

static enum err
add_entry(struct job *j, struct marks_in *m, int64_t identity_id, int64_t urn, uint32_t *out)
{
    if (m->n_entries == m->entries_size) {
        void *mem = grown(m, m->entry, m->n_entries, &m->entries_size, sizeof *m->entry);
        if (!mem)
            return no_memory(j);
        m->entry = mem;
    }
    *out = m->n_entries++;
    m->entry[*out] = (struct marks_entry){.identity_id = identity_id, .urn = (uint32_t)urn};
    return OK;
}

static enum err
look_up_entry(struct job *j, struct marks_in *m, int64_t identity_id, int64_t urn, uint32_t *out)
{
    uint64_t key = (uint64_t)identity_id << 30 ^ (uint64_t)urn;
    int64_t *known = map_find(m->entry_at, key);
    enum err e;

    if (known) {
        *out = (uint32_t)*known;
        return OK;
    }
    e = add_entry(j, m, identity_id, urn, out);
    return e ? e : map_put(j, m->entry_at, key, *out);
}

static enum err
find_entry(struct job *j, struct marks_in *m, int64_t identity_id, int64_t urn)
{
    uint32_t last = m->last_entry, found;
    enum err e = OK;

    if (!m->n_entries)
        return look_up_entry(j, m, identity_id, urn, &m->last_entry);
    if (is_entry(m, last, identity_id, urn))
        return OK;
    found = m->entry[last].next;
    if (!is_entry(m, found, identity_id, urn))
        e = look_up_entry(j, m, identity_id, urn, &found);
    m->entry[last].next = found;
    m->last_entry = found;
    return e;
}

/* A child's week at a school, of one extract and file. */
struct wanted {
    int64_t identity_id, urn;
    int16_t week;
    uint16_t extracted, file;
    uint32_t line;
    bool own;   /* no other line's marks may be in it */
};

static bool
is_wanted(const struct marks_slot *s, const struct wanted *w)
{
    return s->week == w->week && s->extracted == w->extracted && s->file == w->file &&
           (!w->own || s->line == w->line);
}

static struct marks_slot *
find_slot(struct marks_in *m, const struct wanted *w)
{
    uint32_t at = m->entry[m->last_entry].newest;

    for (; at; at = m->slot[at - 1].next)
        if (is_wanted(&m->slot[at - 1], w))
            return &m->slot[at - 1];
    return NULL;
}

static enum err
slot_for(struct job *j, struct marks_in *m, const struct wanted *w, struct marks_slot **out)
{
    struct marks_entry *n;
    enum err e;

    if ((e = find_entry(j, m, w->identity_id, w->urn)))
        return e;
    if ((*out = find_slot(m, w)))
        return OK;
    if (m->n_slots == MARKS_SLOTS) {
        if ((e = marks_write(j, m)) || (e = find_entry(j, m, w->identity_id, w->urn)))
            return e;
    }
    n = &m->entry[m->last_entry];
    *out = &m->slot[m->n_slots];
    **out = (struct marks_slot){n->newest, m->last_entry, w->line, 0, w->week, w->extracted,
                                w->file, {0}};
    n->newest = ++m->n_slots;
    return OK;
}

static uint16_t
day_given(int32_t extracted)
{
    return extracted > 0 && extracted <= UINT16_MAX ? (uint16_t)extracted : 0;
}

static bool
is_school(int64_t urn)
{
    return urn > 0 && urn < MOST_URN;
}

/* ---- one mark --------------------------------------------------------------------- */

static int
code_of(const struct marks_in *m, struct span code)
{
    if (code.n == 1)
        return m->one[(unsigned char)code.s[0]];
    return code.n ? attendance_code(code) : m->one['-'];
}

static enum err
unknown_code(struct job *j, struct marks_in *m, const struct mark_given *g)
{
    struct marks_tell what = {.found = FOUND_MARK_CODES, .urn = (int32_t)g->at.urn,
                              .day = DATE_NONE, .at = g->at, .n = 1};
    enum err e;

    snprintf(what.code, sizeof what.code, "%.*s", (int)(g->code.n < 7 ? g->code.n : 7), g->code.s);
    e = loading_find(j, m->l, &g->at, FOUND_MARK_CODE, what.code);
    return e ? e : marks_note(j, m, &what);
}

static enum err
note_late(struct job *j, struct marks_in *m, const struct marks_slot *s, int half_day, int minutes)
{
    if (m->n_late == m->late_size) {
        void *mem = grown(m, m->late, m->n_late, &m->late_size, sizeof *m->late);
        if (!mem)
            return no_memory(j);
        m->late = mem;
    }
    m->late[m->n_late++] = (struct marks_late){
        (uint32_t)(s - m->slot), minutes < UINT16_MAX ? (uint16_t)minutes : UINT16_MAX,
        (uint8_t)half_day, 0};
    return OK;
}

static enum err
set_mark(struct job *j, struct marks_in *m, const struct mark_given *g, struct marks_slot *s,
         int code)
{
    int half_day = 2 * (g->date - marks_monday(s->week)) + (g->session != 0);
    uint8_t before = s->mark[half_day];
    enum err e = marks_line(j, m, s, half_day, (uint32_t)g->at.line);

    s->mark[half_day] = (uint8_t)(code + 1);
    if (!e && g->minutes_late >= 0)
        e = note_late(j, m, s, half_day, g->minutes_late);
    if (e)
        return e;
    if (!before || before == code + 1)
        return OK;
    return loading_find(j, m->l, &g->at, FOUND_MARK_TWICE,
                        job_format(j, "%s, not %s", attendance_name(code),
                                   attendance_name(before - 1)));
}

enum err
marks_take(struct job *j, struct marks_in *m, const struct mark_given *g)
{
    int code = code_of(m, g->code);
    struct wanted w = {
        .identity_id = g->identity_id, .urn = g->at.urn, .week = marks_week_of(g->date),
        .extracted = day_given(g->extracted), .file = (uint16_t)g->at.file_id,
        .line = (uint32_t)g->at.line,
    };
    struct marks_slot *s;
    enum err e = OK;

    m->layout = g->at.layout;
    if (!is_school(g->at.urn))
        return loading_find(j, m->l, &g->at, FOUND_MARK_SCHOOL, NULL);
    if (g->date > m->today)
        return loading_find(j, m->l, &g->at, FOUND_MARK_FUTURE, NULL);
    if (code < 0)
        return unknown_code(j, m, g);
    if (m->n_lines == MARKS_LINES)
        e = marks_write(j, m);
    if (!e)
        e = slot_for(j, m, &w, &s);
    return e ? e : set_mark(j, m, g, s, code);
}

/* ---- a string of marks ------------------------------------------------------------ */

/* Where a string's characters belong. */
struct string {
    const struct marks_given *g;
    size_t days;
    bool weekdays; /* it leaves out weekends */
};

static bool
is_real(const struct marks_in *m, char c)
{
    int code = m->one[(unsigned char)c];

    return c != '#' && code >= 0 && code != m->one['-'];
}

/* Nobody takes a register on Sundays. */
static bool
leaves_out_weekends(const struct marks_in *m, const struct marks_given *g)
{
    size_t first = (size_t)(6 - date_weekday(g->start));
    int sundays = 0;

    for (size_t d = first; 2 * d + 1 < g->marks.n; d += 7)
        sundays += is_real(m, g->marks.s[2 * d]) || is_real(m, g->marks.s[2 * d + 1]);
    return sundays >= SUNDAYS && date_weekday(g->start) < 5;
}

static enum err
leave_out(struct job *j, struct marks_in *m, const struct marks_given *g, enum found what,
          char c)
{
    struct marks_tell tell = {.found = what, .urn = (int32_t)g->at.urn, .day = DATE_NONE,
                              .at = g->at, .n = 1};

    if (what == FOUND_MARK_CODES)
        tell.code[0] = c;
    return marks_note(j, m, &tell);
}

struct day {
    const struct marks_given *of;
    int32_t date;
    const char *marks; /* two */
};

/* One day's two characters into the slot of its week. */
static enum err
take_day(struct job *j, struct marks_in *m, const struct day *d, struct marks_slot *s)
{
    enum err e = OK;

    for (int k = 0; k < 2 && !e; k++) {
        int code = m->one[(unsigned char)d->marks[k]];
        if (code < 0)
            e = leave_out(j, m, d->of, FOUND_MARK_CODES, d->marks[k]);
        else if (d->date > m->today && is_real(m, d->marks[k]))
            e = leave_out(j, m, d->of, FOUND_MARKS_FUTURE, d->marks[k]);
        else
            s->mark[2 * (d->date - marks_monday(s->week)) + k] = (uint8_t)(code + 1);
    }
    return e;
}

static enum err
take_days(struct job *j, struct marks_in *m, const struct string *x)
{
    const struct marks_given *g = x->g;
    struct wanted w = {
        .identity_id = g->identity_id, .urn = g->at.urn, .week = INT16_MIN,
        .extracted = day_given(g->extracted), .file = (uint16_t)g->at.file_id,
        .line = (uint32_t)g->at.line, .own = true,
    };
    struct marks_slot *s = NULL;
    int32_t date = g->start;
    enum err e = OK;

    for (size_t day = 0; day < x->days && !e; day++, date++) {
        while (x->weekdays && date_weekday(date) > 4)
            date++;
        if (marks_week_of(date) != w.week) {
            w.week = marks_week_of(date);
            if ((e = slot_for(j, m, &w, &s)))
                return e;
        }
        e = take_day(j, m, &(struct day){g, date, &g->marks.s[2 * day]}, s);
    }
    return e;
}

enum err
marks_take_string(struct job *j, struct marks_in *m, const struct marks_given *g)
{
    struct string x = {g, g->marks.n / 2, false};
    const char *length;
    enum err e = OK;

    m->layout = g->at.layout;
    if (!is_school(g->at.urn))
        return loading_find(j, m->l, &g->at, FOUND_MARK_SCHOOL, NULL);
    if (g->marks.n % 2 || x.days > MOST_DAYS) {
        length = job_format(j, "it has %zu characters, %s", g->marks.n,
                            g->marks.n % 2 ? "and each day has two" : "more than a year has");
        return loading_find(j, m->l, &g->at, FOUND_MARKS_LENGTH, length);
    }
    if (g->start > m->today)
        return loading_find(j, m->l, &g->at, FOUND_MARK_FUTURE, NULL);
    x.weekdays = leaves_out_weekends(m, g);
    if (x.weekdays)
        e = loading_find(j, m->l, &g->at, FOUND_MARKS_WEEKDAYS, NULL);
    return e ? e : take_days(j, m, &x);
}

/* ---- the end ---------------------------------------------------------------------- */

enum err
marks_end(struct job *j, struct marks_in *m)
{
    enum err e;

    if ((e = marks_write(j, m)) || (e = marks_write_weeks(j, m)))
        return e;
    return marks_tell_all(j, m);
}
