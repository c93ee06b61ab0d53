#include "synth/mark.h"

/* A half term's codes, so many of each, laid on its days.  Half days without presence are
 * told apart by morning and afternoon only so far as presence is: "/" and "\" have their
 * numbers too. */

enum { FREE = -1, MORNING, AFTERNOON };

struct laying {
    const struct life *l;
    const struct attend *a;
    struct mark_sheet *sheet;
    struct random r;
    int left[2];               /* mornings, afternoons that want another code than presence */
    int count[ATTENDANCE_CODES];
};

static bool
put(struct laying *x, int day, int half, int code)
{
    if (x->sheet->code[day][half] != FREE || x->left[half] <= 0)
        return false;
    x->sheet->code[day][half] = (int8_t)code;
    x->left[half]--;
    x->count[code]--;
    return true;
}

/* Up to n of them: whole days from `start` on, round the term. */
static void
put_days(struct laying *x, int code, int n, int start)
{
    for (int i = 0; i < x->sheet->days && n > 0; i++) {
        int day = (start + i) % x->sheet->days;
        n -= put(x, day, MORNING, code);
        if (n > 0)
            n -= put(x, day, AFTERNOON, code);
    }
}

static int
any_day(struct laying *x)
{
    return (int)random_below(&x->r, x->sheet->days);
}

/* All that is left of a code, in runs of so many half days, while there is room. */
static void
put_runs(struct laying *x, int code, int most)
{
    while (x->count[code] > 0 && (x->left[MORNING] > 0 || x->left[AFTERNOON] > 0)) {
        int n = 1 + (int)random_below(&x->r, most);
        put_days(x, code, n < x->count[code] ? n : x->count[code], any_day(x));
    }
}

/* One half of days here and there; what does not fit goes anywhere. */
static void
put_halves(struct laying *x, int code, int half)
{
    for (int tries = 0; x->count[code] > 0 && tries < 2 * x->sheet->days; tries++)
        put(x, any_day(x), half, code);
    put_runs(x, code, 1);
}

static int
first_from(const struct mark_sheet *s, int32_t date)
{
    int i = 0;

    while (i < s->days && s->day[i] < date)
        i++;
    return i;
}

static void
put_suspensions(struct laying *x, int code)
{
    const struct life *l = x->l;

    for (int i = 0; i < l->n_exclusions; i++) {
        const struct exclusion *e = &l->exclusion[i];
        int from = first_from(x->sheet, e->start), to = first_from(x->sheet, e->end);
        int n = 2 * (to - from) - (e->sessions % 2 ? 1 : 0);
        if (e->spell != x->a->spell || from == to || !strcmp(e->category, "LNCH"))
            continue;
        put_days(x, code, n < x->count[code] ? n : x->count[code], from);
    }
}

/* Part-time hours, or provision elsewhere: afternoons of the days it lasts, then mornings. */
static void
put_arranged(struct laying *x, int code, bool part_time)
{
    for (int i = 0; i < x->l->n_arranged; i++) {
        const struct arranged *a = &x->l->arranged[i];
        int from = first_from(x->sheet, a->from), to = first_from(x->sheet, a->to);
        if (a->spell != x->a->spell || a->part_time != part_time)
            continue;
        for (int half = AFTERNOON; half >= MORNING; half--)
            for (int d = from; d < to && x->count[code] > 0; d++)
                put(x, d, half, code);
    }
}

/* How each code lies: what is fixed by dates first, then what wants mornings, then the rest. */
enum lies {
    AWAY, PART_TIME_HOURS, ELSEWHERE, FIRST_DAYS, LATE_MORNINGS, AT_ONCE, IN_RUNS, HALF_DAYS
};
static const struct {
    const char *code;
    enum lies lies;
} order[] = {
    {"E", AWAY}, {"C2", PART_TIME_HOURS}, {"B", ELSEWHERE}, {"K", ELSEWHERE}, {"X", FIRST_DAYS},
    {"D", FIRST_DAYS}, {"L", LATE_MORNINGS}, {"U", LATE_MORNINGS}, {"T", AT_ONCE}, {"G", AT_ONCE},
    {"H", AT_ONCE}, {"W", AT_ONCE}, {"S", AT_ONCE}, {"V", IN_RUNS}, {"R", IN_RUNS},
    {"I", IN_RUNS}, {"O", IN_RUNS}, {"C", IN_RUNS}, {"M", HALF_DAYS}, {"N", HALF_DAYS},
};
enum { LONGEST_RUN = 8 };

static void
lay_code(struct laying *x, int code, enum lies lies)
{
    switch (lies) {
    case AWAY:
        put_suspensions(x, code);
        break;
    case PART_TIME_HOURS:
    case ELSEWHERE:
        put_arranged(x, code, lies == PART_TIME_HOURS);
        break;
    case FIRST_DAYS:
        put_days(x, code, x->count[code], 0);
        break;
    case LATE_MORNINGS:
        put_halves(x, code, MORNING);
        break;
    case AT_ONCE:
        put_days(x, code, x->count[code], any_day(x));
        break;
    case IN_RUNS:
        break;
    case HALF_DAYS:
        put_halves(x, code, AFTERNOON);
        break;
    }
    put_runs(x, code, LONGEST_RUN);
}

static void
lay_all(struct laying *x)
{
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        int code = attendance_code(span_of(order[i].code));
        if (x->count[code] > 0)
            lay_code(x, code, order[i].lies);
    }
    for (int code = 0; code < ATTENDANCE_CODES; code++)
        put_runs(x, code, 2);
}

static void
open_days(struct laying *x)
{
    const struct spell *s = &x->l->spell[x->a->spell];
    const struct calendar *c = world_calendar(x->l->w, s->school);
    struct dates in = calendar_segment(x->a->year, x->a->segment);
    int32_t from = in.from > s->start ? in.from : s->start;
    int32_t to = in.to < s->end ? in.to : s->end;

    for (int32_t d = from; d < to && x->sheet->days < MARK_DAYS; d++)
        if (calendar_is_open(c, d))
            x->sheet->day[x->sheet->days++] = d;
}

void
mark_lay(const struct life *l, const struct attend *a, struct mark_sheet *out)
{
    const int presence[2] = {attendance_code(SPAN("/")), attendance_code(SPAN("\\"))};
    uint64_t attend = ((uint64_t)l->person * YEARS + (uint64_t)(a->year - YEAR_FIRST)) * SEGMENTS +
                      (uint64_t)a->segment;
    struct laying x = {.l = l, .a = a, .sheet = out,
                       .r = random_stream(l->w->seed, attend, STREAM_MARK)};

    out->days = 0;
    open_days(&x);
    memset(out->code, FREE, sizeof out->code);
    for (int c = 0; c < ATTENDANCE_CODES; c++)
        x.count[c] = a->marks.by_code[c];
    for (int half = MORNING; half <= AFTERNOON; half++) {
        x.left[half] = out->days - x.count[presence[half]];
        x.count[presence[half]] = 0;
    }
    lay_all(&x);
    for (int d = 0; d < out->days; d++)
        for (int half = MORNING; half <= AFTERNOON; half++)
            if (out->code[d][half] == FREE)
                out->code[d][half] = (int8_t)presence[half];
}
