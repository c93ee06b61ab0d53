#include "synth/systems.h"
#include "people/attendance.h"
#include "synth/xml.h"

enum { FIRST_SCHOOL = 3 }; /* those before it have mistakes of their own */

static const struct shape {
    const char *name, *pupils, *marks;
    const char *begins, *ends;       /* the file of marks */
    const char *begins_pupils, *ends_pupils;
} shapes[SYSTEMS] = {
    [SYSTEM_WONDE] = {"wonde", "students.json", "attendance.json", "{\"data\":[\n", "\n]}\n",
                      "{\"data\":[\n", "\n]}\n"},
    [SYSTEM_BROMCOM] = {"bromcom", "Students.json", "Attendances.json", "[\n", "\n]\n", "[\n",
                        "\n]\n"},
    [SYSTEM_SIMS] = {"sims", "students.xml", "attendance.xml",
                     "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<SessionAttendances>\n",
                     "</SessionAttendances>\n",
                     "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<Students>\n",
                     "</Students>\n"},
    [SYSTEM_ARBOR] = {"arbor", "STUDENTS.csv", "ROLL_CALL_ATTENDANCE.csv",
                      "STUDENT_UNIQUE_ID,RAW_MARK,MARK_CODE,MINUTES_LATE,PERIOD,DATE,"
                      "EXTRACTION_DATE_TIME\n", "",
                      "STUDENT_UNIQUE_ID,UPN,LAST_NAME,FIRST_NAME\n", ""},
};

static const char *
path_of(const struct folder *in, const struct world *w, int k, const char *file)
{
    return job_format(in->j, "school-systems/%s-%d/%s", shapes[k].name,
                      world_urn(&w->school[FIRST_SCHOOL + k], LAST_DAY), file);
}

/* A mark within quotes of JSON. */
static const char *
quoted(const char *code)
{
    return code[0] == '\\' ? "\\\\" : code;
}

static enum err
write_codes(const struct folder *in, const struct world *w)
{
    const char *path = path_of(in, w, SYSTEM_WONDE, "attendance-codes.json");
    FILE *f;
    enum err e = table_file(in, path, &f);

    if (e)
        return e;
    fputs("{\"data\":[\n", f);
    for (int c = 0; c < ATTENDANCE_CODES; c++)
        fprintf(f, "%s{\"id\":\"C%d\",\"code\":\"%s\",\"description\":\"\",\"type\":\"\"}",
                c ? ",\n" : "", c, quoted(attendance_name(c)));
    fputs("\n]}\n", f);
    return table_flush(in, f, path);
}

enum err
systems_open(struct system_set *s, const struct folder *in, const struct world *w)
{
    enum err e = OK;

    *s = (struct system_set){.in = in, .last = {-1, -1, -1, -1}};
    for (int k = 0; k < SYSTEMS && FIRST_SCHOOL + k < w->n_schools && !e; k++) {
        if ((e = table_file(in, path_of(in, w, k, shapes[k].pupils), &s->pupils[k])) ||
            (e = table_file(in, path_of(in, w, k, shapes[k].marks), &s->marks[k])))
            return e;
        fputs(shapes[k].begins_pupils, s->pupils[k]);
        fputs(shapes[k].begins, s->marks[k]);
        if (k == SYSTEM_WONDE)
            e = write_codes(in, w);
    }
    return e;
}

static void
put_pupil(struct system_set *s, int k, const struct system_mark *m)
{
    const char *comma = s->n_pupils[k] ? ",\n" : "";
    FILE *f = s->pupils[k];
    long long id = (long long)m->l->person;

    if (s->last[k] == m->l->person)
        return;
    s->last[k] = m->l->person;
    if (k == SYSTEM_WONDE)
        fprintf(f, "%s{\"id\":\"A%lld\",\"upi\":\"\",\"surname\":\"%s\",\"forename\":\"%s\","
                   "\"education_details\":{\"data\":{\"upn\":\"%s\"}}}", comma, id, m->l->surname,
                m->l->forename, m->upn);
    else if (k == SYSTEM_BROMCOM)
        fprintf(f, "%s{\"studentID\":%lld,\"lastName\":\"%s\",\"firstName\":\"%s\",\"upn\":\"%s\"}",
                comma, id, m->l->surname, m->l->forename, m->upn);
    else if (k == SYSTEM_ARBOR)
        fprintf(f, "%lld,%s,%s,%s\n", id, m->upn, m->l->surname, m->l->forename);
    else {
        xml_open(f, "Student");
        xml_int(f, "PersonID", id);
        xml_text(f, "UPN", m->upn);
        xml_text(f, "Surname", m->l->surname);
        xml_close(f, "Student");
    }
    s->n_pupils[k]++;
}

static void
put_mark(struct system_set *s, int k, const struct system_mark *m)
{
    static const char *const halves[] = {"AM", "PM"};
    const char *comma = s->n_marks[k]++ ? ",\n" : "", *half = halves[m->half];
    long long id = (long long)m->l->person;
    char day[DATE_TEXT], at[DATE_TEXT + 16];
    FILE *f = s->marks[k];

    date_iso(m->date, day);
    if (k == SYSTEM_WONDE)
        fprintf(f, "%s{\"date\":{\"date\":\"%s 00:00:00.000000\",\"timezone_type\":3,\"timezone\":"
                   "\"Europe/London\"},\"session\":\"%s\","
                   "\"student\":{\"data\":{\"id\":\"A%lld\"}},"
                   "\"attendance_code\":{\"data\":{\"id\":\"C%d\"}}}", comma, day, half, id,
                attendance_code(span_of(m->code)));
    else if (k == SYSTEM_BROMCOM)
        fprintf(f, "%s{\"studentID\":%lld,\"calendarStartDate\":\"%sT00:00:00\",\"calendarName\":"
                   "\"%s\",\"mark\":\"%s\",\"exportMark\":\"%s\",\"minute\":0}", comma, id, day,
                half, quoted(m->code), quoted(m->code));
    else if (k == SYSTEM_ARBOR)
        fprintf(f, "%lld,%s,%s,,%s,%s,%s 02:00:00\n", id, m->code, m->code, half, day,
                date_iso(LAST_DAY, at));
    else {
        snprintf(at, sizeof at, "%sT09:00:00", day);
        xml_open(f, "SessionAttendance");
        xml_int(f, "PersonID", id);
        xml_text(f, "AttendanceDate", at);
        xml_text(f, "SessionName", half);
        xml_text(f, "AttendanceMark", m->code);
        xml_close(f, "SessionAttendance");
    }
}

void
systems_mark(struct system_set *s, const struct system_mark *m)
{
    int k = m->school - FIRST_SCHOOL;

    if (k < 0 || k >= SYSTEMS || !s->marks[k])
        return;
    put_pupil(s, k, m);
    put_mark(s, k, m);
}

enum err
systems_close(struct system_set *s)
{
    enum err e = OK;

    for (int k = 0; k < SYSTEMS && !e; k++) {
        if (!s->marks[k])
            continue;
        fputs(shapes[k].ends_pupils, s->pupils[k]);
        fputs(shapes[k].ends, s->marks[k]);
        e = table_flush(s->in, s->pupils[k], shapes[k].pupils);
        if (!e)
            e = table_flush(s->in, s->marks[k], shapes[k].marks);
    }
    return e;
}
