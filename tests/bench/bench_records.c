/* How fast files become records: CSV tables of a census, and XML beside expat's bare parse of
 * the same text.  One JSON line each. */
#include "returns/reader.h"
#include <expat.h>

enum { SIZE = 64 * 1000 * 1000, TURNS = 5 };

struct text {
    const char *name, *start, *row, *end;
};

static const struct text csv_texts[] = {
    {"sessions",
     "pupilonrolltableid,NativeId,termlysessiondetailsonrolltableid,"
     "termlysessiondetailsonrollorderseqcolumn,sourceid,sessions,attendancereason\n",
     "0a1f22b0-8ca,SCH12,6d694e9f,7,f50bf7cf,61.0,/\n", ""},
    {"pupils",
     "pupilonrolltableid,NativeId,dob,surname,forename,middlenames,preferredsurname,"
     "formersurname,upn,formerupn,uniquelearnernumber,sex,entrydate,pupilonrollorderseqcolumn,"
     "sourceid,schoolcensustableid,parttime,termlysessionspossible,senunitindicator,ethnicity,"
     "servicechild,language,enrolstatus,boarder,plaa,senprovision,ncyearactual\n",
     "0002e817-8ca,SCH7,2011-May-09 00:00:00,Example,Robin,Ann,Example,,Z896400419017,,"
     "1234567890,M,2022-Sep-05 00:00:00,1,f50bf7cf,348ce0cb,False,136.0,False,WBRI,N,ENG,C,N,N,"
     "K,9\n",
     ""},
};

static const struct text xml_texts[] = {
    {"census pupil",
     "<Message>\n<Header><CollectionDetails><Collection>SC</Collection><Term>SPR</Term>"
     "<Year>2025</Year></CollectionDetails><Source><LEA>896</LEA><Estab>4001</Estab></Source>"
     "</Header>\n<Pupils><PupilsOnRoll>\n",
     "      <PupilOnRoll>\n        <PupilIdentifiers>\n          <UPN>Z896400419017</UPN>\n"
     "          <Surname>Example</Surname>\n          <Forename>Robin</Forename>\n"
     "          <DOB>2011-05-09</DOB>\n          <Sex>M</Sex>\n        </PupilIdentifiers>\n"
     "        <PupilStatus>\n          <EnrolStatus>C</EnrolStatus>\n"
     "          <EntryDate>2022-09-05</EntryDate>\n          <PartTime>false</PartTime>\n"
     "          <NCyearActual>9</NCyearActual>\n          <Boarder>N</Boarder>\n"
     "        </PupilStatus>\n        <SpecialEducationalNeeds>\n"
     "          <SENprovision>K</SENprovision>\n          <SENneeds>\n            <SENneed>\n"
     "              <SENtypeRank>1</SENtypeRank>\n              <SENtype>SEMH</SENtype>\n"
     "            </SENneed>\n          </SENneeds>\n        </SpecialEducationalNeeds>\n"
     "        <Exclusions>\n          <TermlyExclusion>\n            <Category>SUSP</Category>\n"
     "            <Reason>DB</Reason>\n            <StartDate>2024-10-14</StartDate>\n"
     "            <Sessions>10</Sessions>\n          </TermlyExclusion>\n"
     "        </Exclusions>\n        <Attendance>\n          <TermlyAttendance>\n"
     "            <SessionsPossible>140</SessionsPossible>\n            <SessionDetails>\n"
     "              <SessionDetail>\n                <AttendanceReason>/</AttendanceReason>\n"
     "                <Sessions>60</Sessions>\n              </SessionDetail>\n"
     "              <SessionDetail>\n                <AttendanceReason>\\</AttendanceReason>\n"
     "                <Sessions>60</Sessions>\n              </SessionDetail>\n"
     "              <SessionDetail>\n                <AttendanceReason>I</AttendanceReason>\n"
     "                <Sessions>20</Sessions>\n              </SessionDetail>\n"
     "            </SessionDetails>\n          </TermlyAttendance>\n        </Attendance>\n"
     "      </PupilOnRoll>\n",
     "</PupilsOnRoll></Pupils></Message>\n"},
    {"CIN child on one line",
     "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2025</Year>"
     "</CollectionDetails><Source><LEA>896</LEA></Source></Header><Children>",
     "<Child><ChildIdentifiers><LAchildID>10421</LAchildID><UPN>Z896400419017</UPN>"
     "<PersonBirthDate>2011-05-09</PersonBirthDate><Sex>M</Sex></ChildIdentifiers>"
     "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity><Disabilities><Disability>NONE"
     "</Disability></Disabilities></ChildCharacteristics><CINdetails><CINreferralDate>2024-06-03"
     "</CINreferralDate><ReferralSource>2A</ReferralSource><PrimaryNeedCode>N5</PrimaryNeedCode>"
     "<Assessments><AssessmentActualStartDate>2024-06-10</AssessmentActualStartDate>"
     "<FactorsIdentifiedAtAssessment><AssessmentFactors>4A</AssessmentFactors>"
     "<AssessmentFactors>14A</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>"
     "<ReferralNFA>false</ReferralNFA></CINdetails></Child>",
     "</Children></Message>"},
};

struct work {
    const struct text *text;
    bool xml;
    char *s;
    size_t n;
    int64_t records, findings, kept;
};

/* Of this core: what else runs on the machine does not count. */
static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err
on_record(struct job *j, void *arg, const struct record *r)
{
    struct work *w = arg;

    (void)j;
    w->records += !r->refused;
    return OK;
}

static enum err
on_finding(struct job *j, void *arg, const struct finding *f)
{
    struct work *w = arg;

    (void)j, (void)f;
    w->findings++;
    return OK;
}

static enum err
on_text(struct job *j, void *arg, int64_t line, const char *s, size_t n)
{
    struct work *w = arg;

    (void)j, (void)line, (void)s;
    w->kept += (int64_t)n;
    return OK;
}

static enum err
read_once(struct job *j, struct work *w, double *open, double *read)
{
    struct reading reading = {2024, 2};
    struct receiver to = {w, on_record, on_finding, on_text, &reading};
    struct returns_counts counts;
    struct returns_file *f;
    double began = seconds();
    enum err e = returns_open_bytes(j, "bench", w->s, w->n, &f);

    if (e)
        return e;
    *open = seconds() - began;
    began = seconds();
    w->records = w->findings = w->kept = 0;
    e = returns_read(j, f, &to, &counts);
    *read = seconds() - began;
    return e;
}

static void XMLCALL
nothing_start(void *arg, const char *name, const char **attributes)
{
    (void)arg, (void)name, (void)attributes;
}

static void XMLCALL
nothing_end(void *arg, const char *name)
{
    (void)arg, (void)name;
}

static void XMLCALL
nothing_text(void *arg, const char *s, int n)
{
    (void)arg, (void)s, (void)n;
}

/* expat with handlers that do nothing, fed as the reader feeds it. */
static double
bare(const struct work *w)
{
    enum { CHUNK = 64 * 1024 };
    XML_Parser p = XML_ParserCreate("UTF-8");
    double began = seconds();

    XML_SetElementHandler(p, nothing_start, nothing_end);
    XML_SetCharacterDataHandler(p, nothing_text);
    for (size_t at = 0; at < w->n; at += CHUNK) {
        size_t n = w->n - at < CHUNK ? w->n - at : CHUNK;
        if (XML_Parse(p, w->s + at, (int)n, at + n == w->n) != XML_STATUS_OK)
            fprintf(stderr, "the text of the bench is not well formed\n");
    }
    XML_ParserFree(p);
    return seconds() - began;
}

static enum err
measure(struct job *j, void *arg)
{
    struct work *w = arg;
    double open = 1e9, read = 1e9, expat = 1e9, o, r, mb = (double)w->n / 1e6;

    for (int turn = 0; turn < TURNS; turn++) {
        struct scope scope = job_scope_begin(j);
        enum err e = read_once(j, w, &o, &r);
        if (e)
            return e;
        job_scope_end(j, scope);
        open = o < open ? o : open;
        read = r < read ? r : read;
        o = w->xml ? bare(w) : 0;
        expat = o < expat ? o : expat;
    }
    printf("{\"bench\":\"%s to records\",\"text\":\"%s\",\"records\":%lld,\"findings\":%lld,"
           "\"MB_per_second\":%.0f,\"open_MB_per_second\":%.0f",
           w->xml ? "xml" : "csv", w->text->name, (long long)w->records, (long long)w->findings,
           mb / read, mb / open);
    if (w->xml)
        printf(",\"expat_MB_per_second\":%.0f,\"of_expat_percent\":%.0f", mb / expat,
               100 * expat / read);
    printf("}\n");
    return OK;
}

static enum err
bench(const struct text *text, bool xml)
{
    size_t start = strlen(text->start), one = strlen(text->row), end = strlen(text->end), at;
    struct work w = {.text = text, .xml = xml};
    struct job j;
    enum err e;

    w.s = malloc(SIZE + start + one + end);
    if (!w.s)
        return ERR_ENV;
    memcpy(w.s, text->start, start);
    for (at = start; at < SIZE; at += one)
        memcpy(w.s + at, text->row, one);
    memcpy(w.s + at, text->end, end);
    w.n = at + end;
    job_init(&j, 32 * JOB_MB);
    e = job_run(&j, measure, &w);
    if (e)
        fprintf(stderr, "%s\n", j.err.message);
    job_end(&j);
    free(w.s);
    return e;
}

int
main(void)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < sizeof csv_texts / sizeof *csv_texts; i++)
        e = bench(&csv_texts[i], false);
    for (size_t i = 0; !e && i < sizeof xml_texts / sizeof *xml_texts; i++)
        e = bench(&xml_texts[i], true);
    return err_exit_code(e);
}
