#include "timeline/check.h"
#include "people/entry.h"
#include "timeline/pack.h"
#include <sys/mman.h>

/* Linux maps so much around a page that is touched, aligned. */
enum { AROUND = 64 * 1024 };

enum err
check_damaged(struct job *j, const char *path)
{
    err_set(j, ERR_ENV, "the column file %s is damaged", path);
    return err_hint(j, "Delete it: it is built again from the database.");
}

static enum err
older(struct job *j, const char *path)
{
    err_set(j, ERR_ENV, "the column file %s is of another version of this program", path);
    return err_hint(j, "Delete it: it is built again from the database.");
}

static bool
part_fits(const struct timeline_head *h, int s)
{
    const struct timeline_part *p = &h->part[s];

    return p->width == pack_width((enum timeline_section)s) && p->offset % 64 == 0 &&
           p->offset >= sizeof *h && p->offset <= h->bytes &&
           (uint64_t)p->count * p->width <= h->bytes - p->offset;
}

enum err
check_head(struct job *j, const char *path, const struct timeline_head *h, size_t bytes)
{
    struct timeline_head copy = *h;

    if (memcmp(h->magic, "rootedTL", sizeof h->magic) != 0 || h->order != 0x01020304)
        return check_damaged(j, path);
    if (h->version != TIMELINE_VERSION)
        return older(j, path);
    copy.checksum = 0;
    if (h->bytes != bytes || file_checksum(0, &copy, sizeof copy) != h->checksum)
        return check_damaged(j, path);
    for (int s = 0; s < TIMELINE_SECTIONS; s++)
        if (!part_fits(h, s))
            return check_damaged(j, path);
    if (h->part[TIMELINE_PERSON].count == 0)
        return check_damaged(j, path);
    if (h->area != j->area)
        return err_set(j, ERR_ENV, "the column file %s is of another authority", path);
    return OK;
}

static const char *
file_of(const struct timeline *t)
{
    return (const char *)t->head;
}

void
check_let_go(const struct timeline *t, int section, struct timeline_range rows)
{
    const struct timeline_part *p = &t->head->part[section];
    uintptr_t file = (uintptr_t)file_of(t);
    uintptr_t from = file + p->offset + (uint64_t)rows.from * p->width;
    uintptr_t to = file + p->offset + (uint64_t)rows.to * p->width;

    check_give_back(file, from, to);
}

void
check_give_back(uintptr_t map, uintptr_t from, uintptr_t to)
{
    from = from / AROUND * AROUND;
    if (from < map)
        from = map;
    if (from < to)
        madvise((void *)from, to - from, MADV_DONTNEED);
}

/* What was read to be checked need not stay in memory: it is given back every so many rows. */
enum { STEP = 32 * 1024 };

static bool
sum_fits(const struct timeline *t, int section)
{
    const struct timeline_part *p = &t->head->part[section];
    struct file_sum sum;

    file_sum_begin(&sum, 0, (size_t)p->count * p->width);
    for (uint32_t from = 0, to; from < p->count; from = to) {
        to = p->count - from > STEP ? from + STEP : p->count;
        file_sum_add(&sum, file_of(t) + p->offset + (size_t)from * p->width,
                     (size_t)(to - from) * p->width);
        check_let_go(t, section, (struct timeline_range){from, to});
    }
    return file_sum_end(&sum) == p->checksum;
}

static bool
sums_fit(const struct timeline *t)
{
    for (int s = 0; s < TIMELINE_SECTIONS; s++)
        if (!sum_fits(t, s))
            return false;
    return true;
}

static bool
fits(const struct timeline *t, enum timeline_section s, uint32_t i)
{
    return i < t->n[s];
}

static bool
fits_or_none(const struct timeline *t, enum timeline_section s, uint32_t i)
{
    return i == TIMELINE_NONE || i < t->n[s];
}

static bool
sources_fit(const struct timeline *t, uint32_t first, uint32_t n)
{
    return first <= t->n[TIMELINE_SOURCE] && n <= t->n[TIMELINE_SOURCE] - first;
}

/* Each person's rows follow those of the one before, and the last end the section. */
static bool
persons_fit(const struct timeline *t)
{
    uint32_t n = t->n[TIMELINE_PERSON];

    for (int k = 0; k < TIMELINE_OF_PERSON; k++)
        if (t->person[0].first[k] != 0 || t->person[n].first[k] != t->n[TIMELINE_CENSUS + k])
            return false;
    for (uint32_t p = 0; p < n; p++) {
        const struct timeline_person *x = &t->person[p];
        for (int k = 0; k < TIMELINE_OF_PERSON; k++)
            if (x[1].first[k] < x->first[k])
                return false;
        if (!memchr(x->ethnicity, 0, sizeof x->ethnicity))
            return false;
        if (p && x[-1].person_id >= x->person_id)
            return false;
        if (p % STEP == STEP - 1)
            check_let_go(t, TIMELINE_PERSON, (struct timeline_range){p - STEP + 1, p});
    }
    return true;
}

static bool
sources_are_known(const struct timeline *t)
{
    for (uint32_t i = 0; i < t->n[TIMELINE_SOURCE]; i++) {
        if (!fits(t, TIMELINE_BATCH, t->source[i].batch))
            return false;
        if (i % STEP == STEP - 1)
            check_let_go(t, TIMELINE_SOURCE, (struct timeline_range){i - STEP + 1, i});
    }
    return true;
}

static bool
shared_fits(const struct timeline *t)
{
    for (uint32_t i = 0; i < t->n[TIMELINE_SCHOOL]; i++) {
        const struct timeline_school *s = &t->school[i];
        if (!fits(t, TIMELINE_SCHOOL, s->successor) || s->district > t->n[TIMELINE_DISTRICT] ||
            s->kind > SCHOOL_OTHER || s->phase > PHASE_16_PLUS)
            return false;
    }
    for (uint32_t i = 0; i < t->n[TIMELINE_DISTRICT]; i++)
        if (!memchr(t->district[i].name, 0, sizeof t->district[i].name))
            return false;
    for (uint32_t i = 0; i < t->n[TIMELINE_PLACE]; i++)
        if (t->place[i].district > t->n[TIMELINE_DISTRICT])
            return false;
    for (uint32_t i = 0; i < t->n[TIMELINE_RETURN]; i++)
        if (!fits_or_none(t, TIMELINE_SCHOOL, t->returns[i].school) ||
            !fits(t, TIMELINE_BATCH, t->returns[i].batch))
            return false;
    return sources_are_known(t);
}

/* One row: does it point at persons, schools … that are there? */
static bool
census_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_census *r = &t->census[i];
    return fits(t, TIMELINE_SCHOOL, r->school) && fits_or_none(t, TIMELINE_PLACE, r->place) &&
           fits(t, TIMELINE_BATCH, r->source.batch) && r->district <= t->n[TIMELINE_DISTRICT];
}

static bool
enrolment_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_enrolment *r = &t->enrolment[i];
    return fits(t, TIMELINE_SCHOOL, r->school) && fits(t, TIMELINE_CENSUS, r->census);
}

static bool
suspension_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_suspension *r = &t->suspension[i];
    return fits(t, TIMELINE_SCHOOL, r->school) && fits(t, TIMELINE_EVENT, r->event) &&
           sources_fit(t, r->source, r->n_sources) && r->category <= CATEGORY_LUNCHTIME &&
           r->state <= STATE_CANCELLED && r->outcome <= OUTCOME_NOT_UPHELD;
}

static bool
event_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_event *r = &t->event[i];
    return fits(t, TIMELINE_SCHOOL, r->school) && fits(t, TIMELINE_SUSPENSION, r->suspension) &&
           r->category <= CATEGORY_LUNCHTIME;
}

static bool
absence_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_absence *r = &t->absence[i];
    return fits(t, TIMELINE_SCHOOL, r->school) && fits(t, TIMELINE_CENSUS, r->census) &&
           r->half <= HALF_SUMMER2;
}

static bool
spell_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_spell *r = &t->spell[i];
    return sources_fit(t, r->source, r->n_sources) && r->kind < SPELL_KINDS &&
           memchr(r->code, 0, sizeof r->code);
}

static bool
placement_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_placement *r = &t->placement[i];
    return fits(t, TIMELINE_SCHOOL, r->school) && fits_or_none(t, TIMELINE_SCHOOL, r->provider) &&
           fits(t, TIMELINE_BATCH, r->source.batch) &&
           memchr(r->reason, 0, sizeof r->reason) && memchr(r->setting, 0, sizeof r->setting) &&
           memchr(r->pattern, 0, sizeof r->pattern);
}

static bool
leaver_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_leaver *r = &t->leaver[i];
    return fits(t, TIMELINE_SCHOOL, r->school) &&
           fits_or_none(t, TIMELINE_SCHOOL, r->destination) &&
           fits_or_none(t, TIMELINE_ENROLMENT, r->enrolment) &&
           fits(t, TIMELINE_BATCH, r->source.batch);
}

static bool
entry_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_entry *r = &t->entry[i];
    return fits_or_none(t, TIMELINE_SCHOOL, r->school) &&
           fits_or_none(t, TIMELINE_SCHOOL, r->provider) &&
           fits(t, TIMELINE_BATCH, r->source.batch) && r->kind < ENTRY_KINDS;
}

static bool
move_fits(const struct timeline *t, uint32_t i)
{
    const struct timeline_move *r = &t->move[i];
    return fits(t, TIMELINE_ENROLMENT, r->from) && fits_or_none(t, TIMELINE_ENROLMENT, r->to) &&
           fits_or_none(t, TIMELINE_ENROLMENT, r->trial) && r->kind <= MOVE_EXPLAINED &&
           r->certainty <= MOVE_POSSIBLE && r->outcome <= TRIAL_OPEN;
}

static bool (*const row_fits[])(const struct timeline *, uint32_t) = {
    census_fits, enrolment_fits, suspension_fits, event_fits,
    absence_fits, spell_fits, placement_fits, leaver_fits, entry_fits,
    move_fits,
};

static uint32_t
person_at(const struct timeline *t, int section, uint32_t i)
{
    uint32_t person;

    memcpy(&person, file_of(t) + t->head->part[section].offset +
           (size_t)i * t->head->part[section].width, sizeof person);
    return person;
}

/* Each row names the person whose range it lies in. */
static bool
rows_fit(const struct timeline *t, int section)
{
    int k = section - TIMELINE_CENSUS;
    uint32_t kept = 0, person = 0;

    for (uint32_t p = 0; p < t->n[TIMELINE_PERSON]; p++) {
        struct timeline_range r = {t->person[p].first[k], t->person[p + 1].first[k]};
        for (uint32_t i = r.from; i < r.to; i++)
            if (person_at(t, section, i) != p || !row_fits[k](t, i))
                return false;
        if (r.to - kept < STEP && p - person < STEP)
            continue;
        check_let_go(t, section, (struct timeline_range){kept, r.to});
        check_let_go(t, TIMELINE_PERSON, (struct timeline_range){person, p});
        kept = r.to;
        person = p;
    }
    return true;
}

bool
check_rows(const struct timeline *t)
{
    if (!sums_fit(t) || !persons_fit(t) || !shared_fits(t))
        return false;
    for (int s = TIMELINE_CENSUS; s < TIMELINE_SECTIONS; s++)
        if (!rows_fit(t, s))
            return false;
    return true;
}
