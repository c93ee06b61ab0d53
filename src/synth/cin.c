#include "synth/cin.h"
#include "synth/xml.h"

static const char *
path_of(int year, char *buf, size_t size)
{
    snprintf(buf, size, "cin/cin-%d-%02d.xml", year - 1, year % 100);
    return buf;
}

enum err
cin_open(struct cin_set *s, const struct folder *in, struct truth *t)
{
    enum err e = OK;

    *s = (struct cin_set){.in = in, .truth = t};
    for (int y = CIN_FIRST; y <= CIN_LAST && !e; y++) {
        char path[TABLE_PATH];
        FILE *f = NULL;

        e = table_file(in, path_of(y, path, sizeof path), &f);
        if (e)
            return e;
        s->year[y - CIN_FIRST] = f;
        fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Message>\n<Header>\n"
                   "<CollectionDetails><Collection>CIN</Collection><Year>%d</Year>"
                   "<ReferenceDate>%d-03-31</ReferenceDate></CollectionDetails>\n"
                   "<Source><SourceLevel>L</SourceLevel><LEA>001</LEA>"
                   "<SoftwareCode>Invented case system</SoftwareCode><SerialNo>1</SerialNo>"
                   "<DateTime>%d-06-12T10:00:00</DateTime></Source>\n</Header>\n<Children>\n",
                y, y, y);
    }
    if (!e)
        e = table_open(in, &s->people, "people/case-system-person-list.csv",
                       (struct table_kind){"people", 0, 0});
    if (!e)
        e = table_open(in, &s->notes, "suspensions/notifications-2025-autumn.csv",
                       (struct table_kind){"suspensions", 0, 0});
    return e;
}

/* A date that this year's file can know, else none. */
static int32_t
known(int32_t date, struct dates year)
{
    return date < year.to ? date : DATE_NONE;
}

static void
put_child(struct cin_set *s, FILE *f, const struct life *l, int year)
{
    int32_t school = date_from_ymd(l->cohort, 9, 1);
    bool young = school >= date_from_ymd(year, 4, 1);
    char path[TABLE_PATH];

    xml_open(f, "ChildIdentifiers");
    xml_text(f, "LAchildID", life_local_id(l).text);
    if (young) {
        xml_text(f, "UPNunknown", "UN1");
    } else if (l->cin_no_upn) {
        xml_text(f, "UPNunknown", "UN4");
        truth_error(s->truth, "cin-without-upn", path_of(year, path, sizeof path),
                    life_local_id(l).text, l);
    } else {
        xml_text(f, "UPN", l->upn);
    }
    xml_date(f, "PersonBirthDate", l->born);
    if (year <= 2024)
        xml_text(f, "GenderCurrent", l->sex == 'M' ? "1" : "2");
    else
        xml_text(f, "Sex", l->sex == 'M' ? "M" : "F");
    xml_close(f, "ChildIdentifiers");
    xml_open(f, "ChildCharacteristics");
    xml_text(f, "Ethnicity", l->ethnicity->code);
    fprintf(f, "<Disabilities><Disability>%s</Disability></Disabilities>\n",
            l->plan_from != DATE_NONE && l->need[0] && strcmp(l->need[0], "ASD") == 0 ? "AUT"
                                                                                    : "NONE");
    xml_close(f, "ChildCharacteristics");
}

static void
put_assessment(FILE *f, const struct care *c, struct dates year)
{
    static const char *const factors[] = {"3B", "4B", "10A", "3A", "21"};

    if (c->assessed == DATE_NONE || c->assessed >= year.to)
        return;
    xml_open(f, "Assessments");
    xml_date(f, "AssessmentActualStartDate", c->assessed);
    xml_date(f, "AssessmentAuthorisationDate", known(c->authorised, year));
    if (known(c->authorised, year) != DATE_NONE)
        fprintf(f, "<FactorsIdentifiedAtAssessment><AssessmentFactors>%s</AssessmentFactors>"
                   "</FactorsIdentifiedAtAssessment>\n", factors[c->referred % 5]);
    xml_close(f, "Assessments");
}

static void
put_plans(FILE *f, const struct care *c, struct dates year)
{
    if (c->plan != DATE_NONE && c->plan < year.to && c->plan_ends >= year.from &&
        year.from >= date_from_ymd(2021, 4, 1)) {
        xml_open(f, "CINPlanDates");
        xml_date(f, "CINPlanStartDate", c->plan);
        xml_date(f, "CINPlanEndDate", known(c->plan_ends, year));
        xml_close(f, "CINPlanDates");
    }
    if (c->enquiry != DATE_NONE && c->enquiry >= year.from && c->enquiry < year.to) {
        xml_open(f, "Section47");
        xml_date(f, "S47ActualStartDate", c->enquiry);
        xml_date(f, "InitialCPCtarget", c->enquiry + 21);
        xml_date(f, "DateOfInitialCPC", known(c->conference, year));
        xml_text(f, "ICPCnotRequired", "false");
        xml_close(f, "Section47");
    }
}

static void
put_protection(FILE *f, const struct life *l, const struct care *c, struct dates year)
{
    int before = 0;

    for (const struct care *o = l->care; o < c; o++)
        before += o->protection != DATE_NONE;
    if (c->protection == DATE_NONE || c->protection >= year.to || c->protection_ends < year.from)
        return;
    xml_open(f, "ChildProtectionPlans");
    xml_date(f, "CPPstartDate", c->protection);
    xml_date(f, "CPPendDate", known(c->protection_ends, year));
    xml_text(f, "InitialCategoryOfAbuse", c->abuse);
    xml_text(f, "LatestCategoryOfAbuse", c->abuse);
    xml_int(f, "NumberOfPreviousCPP", before);
    if (c->protection + 80 < year.to && c->protection + 80 < c->protection_ends) {
        xml_open(f, "Reviews");
        xml_date(f, "CPPreviewDate", c->protection + 80);
        xml_close(f, "Reviews");
    }
    xml_close(f, "ChildProtectionPlans");
}

static void
put_referral(FILE *f, const struct life *l, const struct care *c, struct dates year)
{
    xml_open(f, "CINdetails");
    xml_date(f, "CINreferralDate", c->referred);
    xml_text(f, "ReferralSource", c->source);
    xml_text(f, "PrimaryNeedCode", c->no_action ? NULL : c->need);
    xml_date(f, "CINclosureDate", known(c->closed, year));
    xml_text(f, "ReasonForClosure", c->closed < year.to ? c->reason : NULL);
    put_assessment(f, c, year);
    put_plans(f, c, year);
    xml_text(f, "ReferralNFA", c->no_action ? "true" : "false");
    put_protection(f, l, c, year);
    xml_close(f, "CINdetails");
}

static void
put_year(struct cin_set *s, const struct life *l, int year)
{
    struct dates d = {date_from_ymd(year - 1, 4, 1), date_from_ymd(year, 4, 1)};
    FILE *f = s->year[year - CIN_FIRST];
    bool any = false;

    for (int i = 0; i < l->n_care; i++) {
        const struct care *c = &l->care[i];
        if (c->referred >= d.to || c->closed < d.from)
            continue;
        if (!any) {
            xml_open(f, "Child");
            put_child(s, f, l, year);
        }
        any = true;
        put_referral(f, l, c, d);
    }
    if (any)
        xml_close(f, "Child");
}

void
cin_write(struct cin_set *s, const struct life *l)
{
    for (int y = CIN_FIRST; y <= CIN_LAST; y++)
        put_year(s, l, y);
    if (l->n_care || l->n_help)
        cin_person(s, l);
    cin_notifications(s, l);
}

enum err
cin_close(struct cin_set *s)
{
    enum err e = OK;

    for (int i = 0; i < CIN_YEARS && !e; i++) {
        fputs("</Children>\n</Message>\n", s->year[i]);
        e = table_flush(s->in, s->year[i], "cin");
    }
    if (!e)
        e = table_flush(s->in, s->people.out.f, s->people.path);
    return e ? e : table_flush(s->in, s->notes.out.f, s->notes.path);
}
