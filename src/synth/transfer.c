#include "synth/transfer.h"
#include "synth/xml.h"

enum { VERSION_25 = 2025 };

static void
put_school(FILE *f, const char *element, const struct school *s, int32_t day)
{
    char estab[8];

    snprintf(estab, sizeof estab, "%04d", s->estab);
    xml_open(f, element);
    xml_text(f, "LEA", "001");
    xml_text(f, "Estab", estab);
    xml_int(f, "URN", world_urn(s, day));
    xml_text(f, "SchoolName", s->name);
    xml_close(f, element);
}

static void
put_needs(FILE *f, const struct life *l, int32_t day)
{
    bool plan = l->plan_from != DATE_NONE && l->plan_from <= day;

    if (l->support_from == DATE_NONE || l->support_from > day)
        return;
    xml_open(f, "SENhistory");
    xml_open(f, "SEN");
    xml_date(f, "StartDate", l->support_from);
    if (plan && l->plan_from > l->support_from)
        xml_date(f, "EndDate", l->plan_from - 1);
    xml_text(f, "SENprovision", "K");
    xml_close(f, "SEN");
    if (plan) {
        xml_open(f, "SEN");
        xml_date(f, "StartDate", l->plan_from);
        xml_text(f, "SENprovision", "E");
        xml_close(f, "SEN");
    }
    xml_close(f, "SENhistory");
}

/* Of the years at that school the sums, as systems without marks send them. */
static void
put_attendance(FILE *f, const struct life *l, const struct spell *s, int32_t day)
{
    xml_open(f, "Attendance");
    for (int year = date_school_year(s->start); year < date_school_year(day); year++) {
        char estab[8];
        if (year < YEAR_FIRST || !l->possible[year - YEAR_FIRST])
            continue;
        snprintf(estab, sizeof estab, "%04d", l->w->school[s->school].estab);
        xml_open(f, "YearData");
        xml_int(f, "Year", year + 1);
        xml_text(f, "LEA", "001");
        xml_text(f, "Estab", estab);
        xml_int(f, "SessionsPossible", l->possible[year - YEAR_FIRST]);
        xml_int(f, "SessionsAttended",
                l->possible[year - YEAR_FIRST] - l->absent[year - YEAR_FIRST]);
        xml_close(f, "YearData");
    }
    xml_close(f, "Attendance");
}

static void
put_history(FILE *f, const struct life *l, const struct spell *s)
{
    const struct school *school = &l->w->school[s->school];
    char estab[8];

    snprintf(estab, sizeof estab, "%04d", school->estab);
    xml_open(f, "SchoolHistory");
    xml_open(f, "School");
    xml_text(f, "LEA", "001");
    xml_text(f, "Estab", estab);
    xml_int(f, "URN", world_urn(school, s->end - 1));
    xml_date(f, "EntryDate", s->start);
    xml_date(f, "LeavingDate", s->end - 1);
    xml_close(f, "School");
    xml_close(f, "SchoolHistory");
}

static void
put_pupil(FILE *f, const struct life *l, const struct spell *s, bool sex)
{
    xml_open(f, "CTFpupilData");
    xml_open(f, "Pupil");
    xml_text(f, "UPN", life_upn(l, (int)(s - l->spell), s->end - 1).upn);
    xml_text(f, "Surname", l->surname);
    xml_text(f, "Forename", l->forename);
    xml_date(f, "DOB", l->born);
    xml_text(f, sex ? "Sex" : "Gender", l->sex == 'M' ? "M" : "F");
    put_needs(f, l, s->end);
    put_attendance(f, l, s, s->end);
    put_history(f, l, s);
    xml_close(f, "Pupil");
    xml_close(f, "CTFpupilData");
}

static enum err
put_file(struct transfer_set *x, const struct life *l, const struct spell *s,
         const struct spell *next)
{
    const struct school *from = &l->w->school[s->school], *to = &l->w->school[next->school];
    bool sex = date_school_year(s->end) >= VERSION_25;
    char path[TABLE_PATH], day[DATE_TEXT], at[DATE_TEXT + 16];
    FILE *f;
    enum err e;

    snprintf(path, sizeof path, "transfers/001%04d_CTF_001%04d_%03d.xml", from->estab, to->estab,
             x->written);
    if ((e = table_file(x->in, path, &f)))
        return e;
    snprintf(at, sizeof at, "%sT10:11:12", date_iso(s->end + 3, day));
    xml_open(f, "CTfile");
    xml_open(f, "Header");
    xml_text(f, "DocumentName", "Common Transfer File");
    xml_text(f, "CTFversion", sex ? "25.0" : "24.0");
    xml_text(f, "DateTime", at);
    put_school(f, "SourceSchool", from, s->end);
    put_school(f, "DestSchool", to, s->end);
    xml_close(f, "Header");
    put_pupil(f, l, s, sex);
    xml_close(f, "CTfile");
    return table_flush(x->in, f, path);
}

/* The first few children who moved in the last two school years. */
void
transfer_write(struct transfer_set *x, const struct life *l)
{
    for (int i = 0; i + 1 < l->n_spells && !x->err && x->written < TRANSFERS; i++) {
        const struct spell *s = &l->spell[i], *next = &l->spell[i + 1];
        if (s->why != END_MOVE || next->school == s->school || s->end + 3 > LAST_DAY ||
            s->end < date_from_ymd(YEAR_LAST - 1, 8, 1) ||
            !*life_upn(l, i, s->end - 1).upn)
            continue;
        x->written++;
        x->err = put_file(x, l, s, next);
    }
}
