#include "synth/cin.h"

/* Day and month the wrong way round. */
static int32_t
turned(int32_t born)
{
    struct ymd d = date_to_ymd(born);
    return date_from_ymd(d.year, d.day, d.month);
}

void
cin_person(struct cin_set *s, const struct life *l)
{
    struct table *t = &s->people;
    const struct home *h = life_home(l, LAST_DAY);
    struct local_id id = life_local_id(l);
    char postcode[PLACE_TEXT];

    table_text(t, OWN_PERSON_LOCAL_ID, id.text);
    table_text(t, OWN_PERSON_SYSTEM, "Invented case system");
    if (!l->cin_no_upn && date_from_ymd(l->cohort, 9, 1) < LAST_DAY)
        table_text(t, OWN_PERSON_UPN, l->upn);
    if (l->list_surname)
        table_format(t, OWN_PERSON_SURNAME, "%s-%s", l->surname, l->other_surname);
    else
        table_text(t, OWN_PERSON_SURNAME, l->surname);
    table_text(t, OWN_PERSON_FORENAME, l->list_nickname ? l->called : l->forename);
    if (!l->list_nickname && l->called[0] && l->person % 3 == 0)
        table_text(t, OWN_PERSON_ALSO_KNOWN_AS, l->called);
    table_date(t, OWN_PERSON_BORN, l->list_dob ? turned(l->born) : l->born);
    table_text(t, OWN_PERSON_SEX, l->sex == 'M' ? "M" : "F");
    table_text(t, OWN_PERSON_POSTCODE, world_postcode(h->place, h->postcode, postcode));
    table_date(t, OWN_PERSON_ADDRESS_FROM, h->from);
    if (l->list_surname)
        truth_error(s->truth, "list-double-surname", t->path, id.text, l);
    if (l->list_nickname)
        truth_error(s->truth, "list-nickname", t->path, id.text, l);
    if (l->list_dob)
        truth_error(s->truth, "list-birth-date", t->path, id.text, l);
    table_row(t);
}

enum note { NOTE_NEW, NOTE_AMENDED, NOTE_CANCELLED };

static void
put_note(struct cin_set *s, const struct life *l, const struct exclusion *x, enum note n)
{
    static const char *const names[] = {"new", "amended", "cancelled"};
    struct table *t = &s->notes;
    const struct calendar *c = world_calendar(l->w, l->spell[x->spell].school);
    int32_t notified = calendar_day(c, x->start, 1 + (n ? 4 : (int)(x->start % 2)));
    int sessions = n == NOTE_AMENDED ? x->sessions + 2 : x->sessions;
    char sen[2] = {x->sen, '\0'};

    table_text(t, OWN_SUSPENSION_UPN, life_upn(l, x->spell, x->start).upn);
    table_text(t, OWN_SUSPENSION_SURNAME, l->surname);
    table_text(t, OWN_SUSPENSION_FORENAME, l->forename);
    table_date(t, OWN_SUSPENSION_BORN, l->born);
    table_int(t, OWN_SUSPENSION_URN,
              world_urn(&l->w->school[l->spell[x->spell].school], x->start));
    table_text(t, OWN_SUSPENSION_CATEGORY, x->category);
    table_date(t, OWN_SUSPENSION_STARTED, x->start);
    if (sessions)
        table_date(t, OWN_SUSPENSION_ENDED, calendar_day(c, x->start, (sessions + 1) / 2));
    table_int(t, OWN_SUSPENSION_SESSIONS, sessions);
    for (int k = 0; k < 3; k++)
        table_text(t, OWN_SUSPENSION_REASON1 + k, x->reason[k]);
    table_text(t, OWN_SUSPENSION_SEN, sen);
    table_date(t, OWN_SUSPENSION_NOTIFIED, notified > LAST_DAY ? LAST_DAY : notified);
    table_text(t, OWN_SUSPENSION_STATUS, names[n]);
    if (n)
        truth_error(s->truth, n == NOTE_AMENDED ? "notification-amended" : "notification-cancelled",
                    t->path, life_upn(l, x->spell, x->start).upn, l);
    table_row(t);
}

void
cin_notifications(struct cin_set *s, const struct life *l)
{
    struct random r = random_stream(l->w->seed, (uint64_t)l->person, STREAM_NOTE);

    for (int i = 0; i < l->n_exclusions; i++) {
        const struct exclusion *x = &l->exclusion[i];
        double u;

        if (x->start < date_from_ymd(YEAR_LAST, 8, 1) || x->start > LAST_DAY)
            continue;
        put_note(s, l, x, NOTE_NEW);
        u = random_unit(&r);
        if (strcmp(x->category, "SUSP") != 0)
            continue;
        if (u < param.note_amended)
            put_note(s, l, x, NOTE_AMENDED);
        else if (u < param.note_amended + param.note_cancelled)
            put_note(s, l, x, NOTE_CANCELLED);
    }
}
