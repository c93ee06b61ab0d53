#include "synth/census.h"

static const char *const table_names[CENSUS_TABLES][2] = { /* spring and summer; autumn */
    [T_RETURNS] = {"schoolcensus", "schoolcensus"},
    [T_SCHOOLS] = {"school", "school"},
    [T_ROLL] = {"pupilonroll", "pupilonroll"},
    [T_LEFT] = {"pupilnolongeronroll", "pupilnolongeronroll"},
    [T_EXCLUSIONS] = {"termlyexclusionsonroll", "termlyexclusionsonroll"},
    [T_EXCLUSIONS_LEFT] = {"termlyexclusionsoffroll", "termlyexclusionsoffroll"},
    [T_SESSIONS] = {"termlysessiondetailsonroll", "termlysessiondetailsonroll"},
    [T_SESSIONS_LEFT] = {"termlysessiondetailsoffroll", "termlysessiondetailsoffroll"},
    [T_SUMMER2] = {NULL, "summerhalfterm2sessiondetailsonroll"},
    [T_SUMMER2_LEFT] = {NULL, "summerhalfterm2sessiondetailsoffroll"},
    [T_NEEDS] = {"senneeds", NULL},
    [T_MEALS] = {"fsmperiod", "fsmperiodsonroll"},
    [T_HOMES] = {"addresses", "addressesonroll"},
    [T_HOMES_LEFT] = {NULL, "addressesoffroll"},
    [T_PLACED] = {"approvisiondetailonroll", "approvisiondetailonroll"},
    [T_PLACED_LEFT] = {"approvisiondetailoffroll", "approvisiondetailoffroll"},
    [T_ARRANGED] = {"schoolarrangedapdetailonroll", "schoolarrangedapdetailonroll"},
    [T_ARRANGED_LEFT] = {"schoolarrangedapdetailoffroll", "schoolarrangedapdetailoffroll"},
};

static enum err
open_tables(struct census_set *s, struct census_export *x)
{
    bool autumn = x->when.term == TERM_AUTUMN;
    enum err e = OK;

    for (int t = 0; t < CENSUS_TABLES && !e; t++) {
        const char *name = table_names[t][autumn];
        char layout[64], path[TABLE_PATH];
        const struct layout *l;

        if (!name)
            continue;
        snprintf(layout, sizeof layout, "census-%s", name);
        l = layout_find(layout);
        if (l && !layout_exists_in(l, x->when.year, (int)x->when.term))
            continue;
        snprintf(path, sizeof path, "census/%d-%s/%s.csv", x->when.year + !autumn,
                 date_term_name(x->when.term), name);
        e = table_open(s->in, &x->table[t], path,
                       (struct table_kind){layout, x->when.year, (int)x->when.term});
    }
    return e;
}

static void
what_it_covers(struct census_export *x, int i)
{
    x->when = calendar_census(i);
    x->term = calendar_term(x->when.date);
    x->before = i ? calendar_census(i - 1).date : x->when.date - 140;
    x->segment2 = SEGMENTS;
    x->attendance_year = x->when.year;
    x->all_codes = x->when.year >= 2020;
    if (x->when.term == TERM_AUTUMN) {
        x->attendance_year--;
        x->segment = SEG_SUMMER1;
        x->segment2 = SEG_SUMMER2;
    } else {
        x->segment = x->when.term == TERM_SPRING ? SEG_AUTUMN : SEG_SPRING;
    }
    x->first = calendar_segment(x->attendance_year, x->segment);
}

static bool
is_xml(const struct census_set *s, int school, const struct census_export *x)
{
    return school == s->xml_school && x == &s->export[XML_CENSUS];
}

static void
put_return(struct census_export *x, const struct world *w, int i)
{
    static const char *const terms[] = {"", "AUT", "SPR", "SUM"};
    struct table *t = &x->table[T_RETURNS];
    const struct school *s = &w->school[i];

    table_format(t, CENSUS_HEADER_KEY, "r%d", i + 1);
    table_format(t, CENSUS_HEADER_RETURN, "SCH%d", i + 1);
    table_text(t, CENSUS_HEADER_NAME, "School Census");
    table_text(t, CENSUS_HEADER_COLLECTION, "SC");
    table_text(t, CENSUS_HEADER_TERM, terms[x->when.term]);
    table_int(t, CENSUS_HEADER_YEAR, x->when.year + (x->when.term != TERM_AUTUMN));
    table_day(t, CENSUS_HEADER_REFERENCE_DATE, x->when.date);
    table_number(t, CENSUS_HEADER_SERIAL, 1 + i % 3);
    table_text(t, CENSUS_HEADER_SOURCE_LEVEL, "S");
    table_text(t, CENSUS_HEADER_LEA, "001");
    table_int(t, CENSUS_HEADER_ESTAB, s->estab);
    table_number(t, CENSUS_HEADER_URN, world_urn(s, x->when.date));
    table_day(t, CENSUS_HEADER_SENT, x->when.date + 8 + i % 12);
    table_row(t);
}

static void
put_school(struct census_export *x, const struct world *w, int i)
{
    static const char *const phases[PHASES] = {"PS", "SS", "SP", "PR"};
    static const char *const years[PHASES][2] = {{"R", "6"}, {"7", "13"}, {"R", "13"}, {"1", "11"}};
    struct table *t = &x->table[T_SCHOOLS];
    const struct school *s = &w->school[i];
    bool academy = x->when.date >= s->converted && s->type >= 34;

    table_format(t, CENSUS_SCHOOL_KEY, "s%d", i + 1);
    table_format(t, CENSUS_SCHOOL_PARENT, "r%d", i + 1);
    table_format(t, CENSUS_SCHOOL_RETURN, "SCH%d", i + 1);
    table_text(t, CENSUS_SCHOOL_NAME, s->name);
    table_text(t, CENSUS_SCHOOL_PHASE, phases[s->phase]);
    table_text(t, CENSUS_SCHOOL_TYPE, s->phase == PHASE_AP ? "54" : NULL);
    table_text(t, CENSUS_SCHOOL_GOVERNANCE, academy ? "CA" : s->old_type == 2 ? "VA" : "CO");
    table_text(t, CENSUS_SCHOOL_INTAKE, s->phase == PHASE_SPECIAL ? "SPEC" : "COMP");
    table_text(t, CENSUS_SCHOOL_LOWEST, years[s->phase][0]);
    table_text(t, CENSUS_SCHOOL_HIGHEST, years[s->phase][1]);
    table_row(t);
}

enum err
census_open(struct census_set *s, const struct folder *in, struct world *w, struct truth *truth)
{
    enum err e = OK;

    *s = (struct census_set){in, truth, w, job_array(in->j, CENSUSES, sizeof *s->export),
                             w->first[PHASE_SECONDARY], NULL, NULL, ""};
    for (int i = 0; i < CENSUSES && !e; i++) {
        struct census_export *x = &s->export[i];
        what_it_covers(x, i);
        e = open_tables(s, x);
        for (int k = 0; k < w->n_schools && !e; k++)
            if (!is_xml(s, k, x)) {
                put_return(x, w, k);
                put_school(x, w, k);
            }
    }
    return e ? e : census_xml_open(s);
}

/* Sessions possible of the record's spell in a half term; -1 none to report. */
static int
possible_in(const struct census_record *r, enum segment g)
{
    const struct life *l = r->life;

    for (int i = 0; i < l->n_attends; i++) {
        const struct attend *a = &l->attend[i];
        if (a->spell == r->spell && a->year == r->at->attendance_year && a->segment == g)
            return a->possible;
    }
    return -1;
}

bool
census_reports(const struct census_record *r, const struct exclusion *x, int *sessions)
{
    int ago = r->at->term - calendar_term(x->start);

    if ((x->spell != r->spell && x->other != r->spell) || ago < 1 || ago > 2)
        return false;
    if ((ago == 1 && x->mistakes & LATE) || (ago == 2 && x->mistakes & WITHDRAWN))
        return false;
    *sessions = ago == 1 ? x->first_sessions : x->sessions;
    return true;
}

const char *
census_category(const struct exclusion *x, int census_year)
{
    if (strcmp(x->category, "SUSP") == 0 && (census_year < 2020 || x->mistakes & OLD_CATEGORY))
        return "FIXD";
    return x->category;
}

const char *
census_reason(const struct exclusion *x, int n)
{
    return n == 0 && x->mistakes & OLD_REASON ? "OT" : x->reason[n];
}

const char *
census_year_group(const struct life *l, int year)
{
    static const char *const names[] = {"R", "1", "2", "3", "4", "5", "6", "7",
                                        "8", "9", "10", "11", "12", "13", "14"};
    int g = life_year_group(l, year);

    return g >= 0 && g < 15 ? names[g] : "X";
}

/* Is there a record of this spell in this census, and what does it say? */
static bool
make_record(const struct life *l, const struct census_export *x, int spell,
            struct census_record *r)
{
    const struct spell *s = &l->spell[spell];
    int32_t on = x->when.date, until = s->reported_until > s->end ? s->reported_until : s->end;
    int sessions;
    bool any;

    *r = (struct census_record){.life = l, .at = x, .spell = spell};
    if (s->start > on)
        return false;
    r->on_roll = on < until;
    r->possible = possible_in(r, x->segment);
    r->possible2 = x->segment2 == SEGMENTS ? -1 : possible_in(r, x->segment2);
    any = r->on_roll || r->possible > 0 || r->possible2 > 0;
    for (int i = 0; i < l->n_exclusions && !any; i++)
        any = census_reports(r, &l->exclusion[i], &sessions);
    if (!any)
        return false;
    r->status = on < s->end ? life_status(l, spell, on) : 'C';
    r->sen = life_sen(l, on);
    r->upn = life_upn(l, spell, on);
    return true;
}

static void
put_who(struct table *t, const struct census_record *r)
{
    const struct life *l = r->life;
    const struct spell *s = &l->spell[r->spell];

    snprintf(t->key, sizeof t->key, "%c%llx", r->on_roll ? 'p' : 'q',
             (unsigned long long)t->rows + 1);
    table_text(t, CENSUS_PUPIL_KEY, t->key);
    table_format(t, CENSUS_PUPIL_PARENT, "r%d", s->school + 1);
    table_format(t, CENSUS_PUPIL_RETURN, "SCH%d", s->school + 1);
    table_text(t, CENSUS_PUPIL_UPN, r->upn.upn);
    table_text(t, CENSUS_PUPIL_FORMER_UPN, r->upn.former);
    table_text(t, CENSUS_PUPIL_SURNAME, l->surname);
    table_text(t, CENSUS_PUPIL_FORENAME, l->forename);
    table_text(t, CENSUS_PUPIL_MIDDLE_NAMES, l->middle);
    if (l->preferred)
        table_text(t, CENSUS_PUPIL_PREFERRED_SURNAME, l->other_surname);
    table_day(t, CENSUS_PUPIL_BORN, l->born);
    table_text(t, CENSUS_PUPIL_SEX, l->sex == 'M' ? "M" : "F");
    table_day(t, CENSUS_PUPIL_ENTERED, s->start);
    table_bool(t, CENSUS_PUPIL_PART_TIME,
               r->on_roll && life_part_time(l, r->spell, r->at->when.date));
    table_text(t, CENSUS_PUPIL_BOARDER, l->boards && l->w->school[s->school].boards ? "B" : "N");
    table_text(t, CENSUS_PUPIL_LANGUAGE, l->language);
    table_text(t, CENSUS_PUPIL_ETHNICITY, l->ethnicity->code);
    if (r->possible >= 0)
        table_number(t, CENSUS_PUPIL_SESSIONS_POSSIBLE, r->possible);
    if (r->possible2 >= 0)
        table_number(t, CENSUS_PUPIL_SUMMER2_POSSIBLE, r->possible2);
}

static void
put_roll(struct table *t, const struct census_record *r)
{
    static const char *const status[] = {"C", "M", "S", "G"};
    static const char *const sen[] = {"N", "K", "E"};
    const struct life *l = r->life;

    put_who(t, r);
    table_text(t, CENSUS_PUPIL_STATUS, status[strchr("CMSG", r->status) - "CMSG"]);
    table_text(t, CENSUS_PUPIL_YEAR_GROUP, census_year_group(l, r->at->when.year));
    table_text(t, CENSUS_PUPIL_SEN, sen[r->sen == 'K' ? 1 : r->sen == 'E' ? 2 : 0]);
    table_bool(t, CENSUS_PUPIL_SEN_UNIT, l->sen_unit && r->sen == 'E');
    table_bool(t, CENSUS_PUPIL_RESOURCED, false);
    table_text(t, CENSUS_PUPIL_SERVICE_CHILD, l->service ? "Y" : "N");
    table_text(t, CENSUS_PUPIL_PLAA, l->adopted ? "A" : "N");
    table_text(t, CENSUS_PUPIL_YOUNG_CARER, l->carer ? l->carer == 1 ? "P" : "S" : "N");
    table_row(t);
}

static void
put_left(struct table *t, const struct census_record *r)
{
    const struct spell *s = &r->life->spell[r->spell];
    int32_t last = s->end - 1;

    put_who(t, r);
    if (!s->no_leaving_date)
        table_day(t, CENSUS_PUPIL_LEFT, last);
    table_text(t, CENSUS_PUPIL_YEAR_LEAVING, census_year_group(r->life, date_school_year(last)));
    table_row(t);
}

/* The three keys that begin every child table. */
static void
put_keys(struct table *t, const struct census_record *r, const char *pupil)
{
    table_format(t, CENSUS_EXCLUSION_KEY, "%llx", (unsigned long long)t->rows + 1);
    table_text(t, CENSUS_EXCLUSION_PUPIL, pupil);
    table_format(t, CENSUS_EXCLUSION_RETURN, "SCH%d", r->life->spell[r->spell].school + 1);
}

static void
put_sessions(struct table *t, const struct census_record *r, const char *pupil, enum segment g)
{
    const struct life *l = r->life;

    for (int i = 0; i < l->n_attends; i++) {
        const struct attend *a = &l->attend[i];
        if (a->spell != r->spell || a->year != r->at->attendance_year || a->segment != g)
            continue;
        for (int c = 0; c < ATTENDANCE_CODES; c++) {
            if (!a->marks.by_code[c] ||
                (!r->at->all_codes && !attendance_is_absence(c, r->at->first.from)))
                continue;
            put_keys(t, r, pupil);
            table_text(t, CENSUS_SESSIONS_CODE, attendance_name(c));
            table_number(t, CENSUS_SESSIONS_COUNT, a->marks.by_code[c]);
            table_row(t);
        }
    }
}

static const char *
sen_text(char sen)
{
    return sen == 'K' ? "K" : sen == 'E' ? "E" : "N";
}

void
census_exclusion_errors(const struct census_set *s, const char *path,
                        const struct census_record *r, const struct exclusion *x)
{
    int ago = r->at->term - calendar_term(x->start);
    static const struct {
        unsigned mistake;
        int when; /* 0: in both returns */
        const char *kind;
    } kinds[] = {
        {LATE, 2, "suspension-late"}, {WITHDRAWN, 1, "suspension-withdrawn"},
        {AMENDED, 1, "suspension-amended"}, {OLD_CATEGORY, 0, "category-withdrawn"},
        {OLD_REASON, 0, "reason-withdrawn"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (x->mistakes & kinds[i].mistake && (!kinds[i].when || kinds[i].when == ago))
            truth_error(s->truth, kinds[i].kind, path, r->upn.upn, r->life);
    if (x->other == r->spell)
        truth_error(s->truth, "suspension-at-two-schools", path, r->upn.upn, r->life);
}

static void
put_exclusions(struct census_set *s, struct table *t, const struct census_record *r,
               const char *pupil)
{
    const struct life *l = r->life;
    int sessions;

    for (int i = 0; i < l->n_exclusions; i++) {
        const struct exclusion *x = &l->exclusion[i];
        if (!census_reports(r, x, &sessions))
            continue;
        put_keys(t, r, pupil);
        table_day(t, CENSUS_EXCLUSION_STARTED, x->start);
        table_number(t, CENSUS_EXCLUSION_SESSIONS, sessions);
        table_text(t, CENSUS_EXCLUSION_CATEGORY, census_category(x, r->at->when.year));
        for (int k = 0; k < 3; k++)
            table_text(t, CENSUS_EXCLUSION_REASON1 + k, census_reason(x, k));
        table_text(t, CENSUS_EXCLUSION_SEN, sen_text(x->sen));
        table_row(t);
        census_exclusion_errors(s, t->path, r, x);
    }
}

static void
put_need(struct table *t, const struct census_record *r, const char *pupil, int rank,
         const char *need)
{
    put_keys(t, r, pupil);
    table_number(t, CENSUS_NEED_RANK, rank);
    table_text(t, CENSUS_NEED_TYPE, need);
    table_row(t);
}

static void
put_needs(struct table *t, const struct census_record *r, const char *pupil)
{
    const struct life *l = r->life;
    int rank = 1;

    if (r->sen == 'N')
        return;
    if (life_semh(l, r->at->when.date))
        put_need(t, r, pupil, rank++, "SEMH");
    for (int i = 0; i < 2 && rank <= 2; i++)
        if (l->need[i])
            put_need(t, r, pupil, rank++, l->need[i]);
}

bool
census_has_meals(const struct census_record *r, const struct meals *m)
{
    int32_t on = r->at->when.date;
    return m->from <= on && m->to > r->at->before && m->known <= on;
}

static void
put_meals(struct table *t, const struct census_record *r, const char *pupil)
{
    const struct life *l = r->life;

    for (int i = 0; i < l->n_meals; i++) {
        const struct meals *m = &l->meals[i];
        if (!census_has_meals(r, m))
            continue;
        put_keys(t, r, pupil);
        table_day(t, CENSUS_MEALS_STARTED, m->from);
        if (m->to <= r->at->when.date)
            table_day(t, CENSUS_MEALS_ENDED, m->to - 1);
        table_text(t, CENSUS_MEALS_COUNTRY, "ENG");
        table_row(t);
    }
}

static void
put_home(struct table *t, const struct census_record *r, const char *pupil)
{
    const struct home *h = life_home(r->life, r->at->when.date);
    char postcode[PLACE_TEXT];

    put_keys(t, r, pupil);
    world_postcode(h->place, h->postcode, postcode);
    table_text(t, CENSUS_ADDRESS_POSTCODE, postcode);
    if (h->house % 33)
        table_number(t, CENSUS_ADDRESS_UPRN, 900000000000 + (h->place * POSTCODES + h->postcode) *
                                                                 (int64_t)200 + h->house);
    else
        table_text(t, CENSUS_ADDRESS_UPRN, "-1.0");
    table_int(t, CENSUS_ADDRESS_PAON, h->house);
    table_text(t, CENSUS_ADDRESS_STREET, world_street(h->place * POSTCODES + h->postcode));
    table_text(t, CENSUS_ADDRESS_TOWN, world_district(r->life->w->place[h->place].district));
    table_row(t);
}

/* Alternative provision where the authority placed the child: told by the provider. */
static void
put_placed(struct table *t, const struct census_record *r, const char *pupil)
{
    const struct life *l = r->life;
    const struct spell *s = &l->spell[r->spell];

    for (int i = 0; i < l->n_moves; i++) {
        const struct move *m = &l->move[i];
        if (m->to != s->school || (m->kind != MOVE_PERM && m->kind != MOVE_AP) ||
            m->date > s->start || m->date < s->start - 30)
            continue;
        put_keys(t, r, pupil);
        table_number(t, CENSUS_AP_PREVIOUS_URN, world_urn(&l->w->school[m->from], m->date));
        table_text(t, CENSUS_AP_REASON, m->kind == MOVE_PERM ? "PEX" : "OTH");
        table_text(t, CENSUS_AP_SEN_ENTRY, sen_text(life_sen(l, s->start)));
        table_row(t);
        return;
    }
}

static void
put_arranged(struct table *t, const struct census_record *r, const char *pupil)
{
    static const char *const settings[] = {"NFE", "OOT", "OTH", "WBP"};
    static const char *const reasons[] = {"BHS", "EXR", "BHS", "SUS", "MHN"};
    const struct life *l = r->life;

    for (int i = 0; i < l->n_arranged; i++) {
        const struct arranged *a = &l->arranged[i];
        bool over = a->to <= r->at->when.date;
        if (a->spell != r->spell || a->part_time || a->from > r->at->when.date ||
            a->to <= r->at->before)
            continue;
        put_keys(t, r, pupil);
        table_day(t, CENSUS_SCHOOL_AP_ENTERED, a->from);
        if (over)
            table_day(t, CENSUS_SCHOOL_AP_LEFT, a->to - 1);
        table_number(t, CENSUS_SCHOOL_AP_SESSIONS, a->sessions);
        table_text(t, CENSUS_SCHOOL_AP_SETTING, settings[l->person % 4]);
        table_text(t, CENSUS_SCHOOL_AP_REASON, reasons[l->person % 5]);
        table_text(t, CENSUS_SCHOOL_AP_SEN_ENTRY, sen_text(life_sen(l, a->from)));
        if (over)
            table_text(t, CENSUS_SCHOOL_AP_SEN_LEAVING, sen_text(life_sen(l, a->to)));
        table_text(t, CENSUS_SCHOOL_AP_PATTERN, "PT");
        table_row(t);
    }
}

void
census_record_errors(const struct census_set *s, const char *path, const struct census_record *r)
{
    static const char *const kinds[] = {
        [UPN_MISSING] = "upn-missing", [UPN_DUPLICATE] = "upn-duplicate",
        [UPN_LETTER] = "upn-letter", [UPN_TEMPORARY_FIRST] = "upn-temporary",
        [UPN_CHANGED] = "upn-changed"};
    const struct life *l = r->life;
    const struct spell *p = &l->spell[r->spell];
    int32_t on = r->at->when.date;
    bool seen = l->upn_mistake == UPN_MISSING || l->upn_mistake == UPN_TEMPORARY_FIRST
                    ? on < l->upn_until
                : l->upn_mistake == UPN_CHANGED ? on >= l->upn_until
                : l->upn_mistake == UPN_LETTER  ? r->spell == l->upn_spell
                                                : l->upn_mistake != UPN_RIGHT;

    if (seen)
        truth_error(s->truth, kinds[l->upn_mistake], path, r->upn.upn, l);
    for (int i = 0; i < l->n_meals && r->on_roll; i++)
        if (l->meals[i].known > r->at->before && census_has_meals(r, &l->meals[i]))
            truth_error(s->truth, "meals-late", path, r->upn.upn, l);
    if (!r->on_roll && p->no_leaving_date)
        truth_error(s->truth, "leaving-date-missing", path, r->upn.upn, l);
    if (r->on_roll && on >= p->end)
        truth_error(s->truth, "overlapping-enrolment", path, r->upn.upn, l);
}

static void
write_record(struct census_set *s, struct census_export *x, const struct census_record *r)
{
    struct table *t = x->table, *roll = &t[r->on_roll ? T_ROLL : T_LEFT];
    int left = !r->on_roll;

    if (is_xml(s, r->life->spell[r->spell].school, x)) {
        census_xml_pupil(s, r);
        return;
    }
    (left ? put_left : put_roll)(roll, r);
    census_record_errors(s, roll->path, r);
    put_exclusions(s, &t[T_EXCLUSIONS + left], r, roll->key);
    put_sessions(&t[T_SESSIONS + left], r, roll->key, x->segment);
    if (x->segment2 != SEGMENTS)
        put_sessions(&t[T_SUMMER2 + left], r, roll->key, x->segment2);
    if (table_is_open(&t[T_NEEDS]) && !left)
        put_needs(&t[T_NEEDS], r, roll->key);
    if (!left)
        put_meals(&t[T_MEALS], r, roll->key);
    if (table_is_open(&t[T_HOMES + left]))
        put_home(&t[T_HOMES + left], r, roll->key);
    if (table_is_open(&t[T_PLACED + left]))
        put_placed(&t[T_PLACED + left], r, roll->key);
    if (table_is_open(&t[T_ARRANGED + left]))
        put_arranged(&t[T_ARRANGED + left], r, roll->key);
}

void
census_write(struct census_set *s, const struct life *l)
{
    struct census_record r;

    for (int i = 0; i < CENSUSES; i++)
        for (int k = 0; k < l->n_spells; k++)
            if (make_record(l, &s->export[i], k, &r))
                write_record(s, &s->export[i], &r);
}

enum err
census_close(struct census_set *s)
{
    enum err e = census_xml_close(s);

    for (int i = 0; i < CENSUSES && !e; i++)
        for (int t = 0; t < CENSUS_TABLES && !e; t++)
            e = table_flush(s->in, s->export[i].table[t].out.f, s->export[i].table[t].path);
    return e;
}
