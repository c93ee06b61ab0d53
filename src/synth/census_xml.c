#include "synth/census.h"
#include "synth/xml.h"

/* One school's own return, as its system sends it (formats.md: file name, containers left
 * out when empty).  Pupils on roll and no longer on roll come as two lists; the second
 * waits in a file of its own until the first is complete. */

static void
put_header(const struct census_set *s, const struct census_export *x)
{
    const struct school *school = &s->world->school[s->xml_school];
    FILE *f = s->xml;
    char date[DATE_TEXT];

    xml_open(f, "Message");
    xml_open(f, "Header");
    xml_open(f, "CollectionDetails");
    xml_text(f, "Collection", "School Census");
    xml_text(f, "Term", "AUT");
    xml_int(f, "Year", x->when.year);
    xml_date(f, "ReferenceDate", x->when.date);
    xml_close(f, "CollectionDetails");
    xml_open(f, "Source");
    xml_text(f, "SourceLevel", "S");
    xml_text(f, "LEA", "001");
    xml_int(f, "Estab", school->estab);
    xml_int(f, "URN", world_urn(school, x->when.date));
    xml_text(f, "SoftwareCode", "Invented MIS");
    xml_int(f, "SerialNo", 1);
    fprintf(f, "<DateTime>%sT09:30:00</DateTime>\n", date_iso(x->when.date + 9, date));
    xml_close(f, "Source");
    fputs("<Content><CBDSLevels><CBDSLevel>School</CBDSLevel><CBDSLevel>Pupil</CBDSLevel>"
          "</CBDSLevels></Content>\n", f);
    xml_close(f, "Header");
    xml_open(f, "School");
    xml_text(f, "SchoolName", school->name);
    xml_text(f, "Phase", "SS");
    xml_text(f, "Intake", "COMP");
    xml_text(f, "LowestNCyearGroup", "7");
    xml_text(f, "HighestNCyearGroup", "13");
    xml_close(f, "School");
    xml_open(f, "Pupils");
    xml_open(f, "PupilsOnRoll");
}

enum err
census_xml_open(struct census_set *s)
{
    const struct census_export *x = &s->export[XML_CENSUS];
    const struct school *school = &s->world->school[s->xml_school];
    enum err e;

    snprintf(s->xml_path, sizeof s->xml_path,
             "census/%d-autumn-school-return/001%04d_SC3_001LL%02d_001.XML", x->when.year,
             school->estab, x->when.year % 100);
    e = table_file(s->in, s->xml_path, &s->xml);
    if (e)
        return e;
    s->xml_left = tmpfile();
    if (!s->xml_left)
        return err_set(s->in->j, ERR_ENV, "cannot make a temporary file");
    put_header(s, x);
    return OK;
}

static void
put_identifiers(FILE *f, const struct census_record *r)
{
    const struct life *l = r->life;

    xml_open(f, "PupilIdentifiers");
    xml_text(f, "UPN", r->upn.upn);
    xml_text(f, "FormerUPN", r->upn.former);
    xml_text(f, "Surname", l->surname);
    xml_text(f, "Forename", l->forename);
    xml_text(f, "MiddleNames", l->middle);
    xml_text(f, "PreferredSurname", r->on_roll && l->preferred ? l->other_surname : NULL);
    xml_date(f, "DOB", l->born);
    xml_text(f, "Sex", l->sex == 'M' ? "M" : "F");
    xml_close(f, "PupilIdentifiers");
    xml_open(f, "PupilCharacteristics");
    xml_text(f, "Language", l->language);
    xml_text(f, "ServiceChild", r->on_roll ? l->service ? "Y" : "N" : NULL);
    xml_close(f, "PupilCharacteristics");
}

static void
put_status(FILE *f, const struct census_record *r)
{
    const struct life *l = r->life;
    const struct spell *s = &l->spell[r->spell];
    const char status[2] = {r->status, '\0'};

    xml_open(f, "PupilStatus");
    xml_date(f, "EntryDate", s->start);
    if (r->on_roll) {
        xml_text(f, "EnrolStatus", status);
        xml_text(f, "NCyearActual", census_year_group(l, r->at->when.year));
    } else {
        xml_date(f, "LeavingDate", s->no_leaving_date ? DATE_NONE : s->end - 1);
        xml_text(f, "NCyearLeaving", census_year_group(l, date_school_year(s->end - 1)));
    }
    xml_text(f, "PartTime", r->on_roll && life_part_time(l, r->spell, r->at->when.date) ? "true"
                                                                                      : "false");
    xml_text(f, "Boarder", "N");
    xml_close(f, "PupilStatus");
}

static void
put_needs(FILE *f, const struct census_record *r)
{
    const char sen[2] = {r->sen, '\0'};

    if (!r->on_roll)
        return;
    xml_open(f, "SpecialEducationalNeeds");
    xml_text(f, "SENprovision", sen);
    xml_text(f, "SENunitIndicator", r->life->sen_unit && r->sen == 'E' ? "true" : "false");
    xml_close(f, "SpecialEducationalNeeds");
}

static void
put_exclusions(const struct census_set *s, FILE *f, const struct census_record *r)
{
    const struct life *l = r->life;
    bool any = false;
    int sessions;

    for (int i = 0; i < l->n_exclusions; i++) {
        const struct exclusion *x = &l->exclusion[i];
        const char sen[2] = {x->sen, '\0'};
        if (!census_reports(r, x, &sessions))
            continue;
        if (!any)
            xml_open(f, "Exclusions");
        any = true;
        xml_open(f, "TermlyExclusion");
        xml_text(f, "Category", census_category(x, r->at->when.year));
        xml_open(f, "Reasons");
        for (int k = 0; k < 3; k++)
            xml_text(f, "Reason", census_reason(x, k));
        xml_close(f, "Reasons");
        xml_date(f, "StartDate", x->start);
        xml_int(f, "Sessions", sessions);
        xml_text(f, "SENprovision", sen);
        xml_close(f, "TermlyExclusion");
        census_exclusion_errors(s, s->xml_path, r, x);
    }
    if (any)
        xml_close(f, "Exclusions");
}

static void
put_home(FILE *f, const struct census_record *r)
{
    const struct home *h = life_home(r->life, r->at->when.date);
    char postcode[PLACE_TEXT];

    xml_open(f, "HomeInformation");
    xml_open(f, "Address");
    if (r->on_roll) {
        xml_int(f, "PAON", h->house);
        xml_text(f, "Street", world_street(h->place * POSTCODES + h->postcode));
        xml_text(f, "Town", world_district(r->life->w->place[h->place].district));
    }
    xml_text(f, "PostCode", world_postcode(h->place, h->postcode, postcode));
    xml_close(f, "Address");
    xml_close(f, "HomeInformation");
}

static void
put_half_term(FILE *f, const struct census_record *r, enum segment g, const char *element)
{
    const struct life *l = r->life;

    for (int i = 0; i < l->n_attends; i++) {
        const struct attend *a = &l->attend[i];
        if (a->spell != r->spell || a->year != r->at->attendance_year || a->segment != g)
            continue;
        xml_open(f, element);
        xml_int(f, "SessionsPossible", a->possible);
        xml_open(f, "SessionDetails");
        for (int c = 0; c < ATTENDANCE_CODES; c++) {
            if (!a->marks.by_code[c])
                continue;
            fprintf(f, "<SessionDetail><AttendanceReason>%s</AttendanceReason>"
                       "<Sessions>%d</Sessions></SessionDetail>\n", attendance_name(c),
                    a->marks.by_code[c]);
        }
        xml_close(f, "SessionDetails");
        xml_close(f, element);
    }
}

static void
put_meals(FILE *f, const struct census_record *r)
{
    const struct life *l = r->life;

    if (!r->on_roll)
        return;
    for (int i = 0; i < l->n_meals; i++) {
        const struct meals *m = &l->meals[i];
        if (!census_has_meals(r, m))
            continue;
        xml_open(f, "FSMperiods");
        xml_open(f, "FSMperiod");
        xml_date(f, "FSMstartDate", m->from);
        if (m->to <= r->at->when.date)
            xml_date(f, "FSMendDate", m->to - 1);
        xml_text(f, "UKcountry", "ENG");
        xml_close(f, "FSMperiod");
        xml_close(f, "FSMperiods");
    }
}

void
census_xml_pupil(struct census_set *s, const struct census_record *r)
{
    FILE *f = r->on_roll ? s->xml : s->xml_left;
    const char *element = r->on_roll ? "PupilOnRoll" : "PupilNoLongerOnRoll";

    xml_open(f, element);
    put_identifiers(f, r);
    put_status(f, r);
    put_needs(f, r);
    put_meals(f, r);
    put_exclusions(s, f, r);
    census_record_errors(s, s->xml_path, r);
    put_home(f, r);
    if (r->possible >= 0 || r->possible2 >= 0) {
        xml_open(f, "Attendance");
        put_half_term(f, r, r->at->segment, "TermlyAttendance");
        put_half_term(f, r, r->at->segment2, "SummerHalfTerm2Attendance");
        xml_close(f, "Attendance");
    }
    xml_close(f, element);
}

enum err
census_xml_close(struct census_set *s)
{
    char buf[4096];
    size_t n;

    xml_close(s->xml, "PupilsOnRoll");
    xml_open(s->xml, "PupilsNoLongerOnRoll");
    rewind(s->xml_left);
    while ((n = fread(buf, 1, sizeof buf, s->xml_left)))
        fwrite(buf, 1, n, s->xml);
    fclose(s->xml_left);
    xml_close(s->xml, "PupilsNoLongerOnRoll");
    xml_close(s->xml, "Pupils");
    xml_close(s->xml, "Message");
    return table_flush(s->in, s->xml, s->xml_path);
}
