#include "synth/case_files.h"

/* DfE's payload of the last day: the children with an open case, all of it. */

enum err
payload_open(struct case_set *s)
{
    enum err e = table_file(s->in, "social-care-payload/payload-2025-11-28.json", &s->payload);

    if (!e)
        fputs("{\"la_code\": 1, \"Children\": [", s->payload);
    return e;
}

static void
put_text(FILE *f, const char *name, const char *text)
{
    fprintf(f, "\"%s\": ", name);
    if (!text) {
        fputs("null", f);
        return;
    }
    fputc('"', f);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fputc('\\', f);
        fputc(*c, f);
    }
    fputc('"', f);
}

static void
put_date(FILE *f, const char *name, int32_t date)
{
    char buf[DATE_TEXT];

    put_text(f, name, date == DATE_NONE || date > LAST_DAY ? NULL : date_iso(date, buf));
}

static void
put_plan(FILE *f, const char *list, struct dates d, const char *end)
{
    fprintf(f, ", \"%s\": [", list);
    if (d.from != DATE_NONE && d.from <= LAST_DAY) {
        fputc('{', f);
        put_date(f, "start_date", d.from);
        fputs(", ", f);
        put_date(f, end, d.to);
        fputs(", \"purge\": false}", f);
    }
    fputc(']', f);
}

static void
put_placements(FILE *f, const struct life *l, const struct care *c)
{
    struct episode e[MOST_EPISODES];
    int n = life_episodes(l, c, e);

    fputs(", \"child_looked_after_placements\": [", f);
    for (int i = 0; i < n && e[i].from <= LAST_DAY; i++) {
        char why[2] = {e[i].why, '\0'};
        fputs(i ? ", {" : "{", f);
        put_date(f, "start_date", e[i].from);
        fputs(", ", f);
        put_text(f, "start_reason", why);
        fputs(", ", f);
        put_text(f, "placement_type", e[i].placement);
        fputs(", ", f);
        put_date(f, "end_date", e[i].to);
        fputs(", \"purge\": false}", f);
    }
    fputc(']', f);
}

static void
put_case(FILE *f, const struct life *l, const struct care *c)
{
    fputs("{\"social_care_episode_id\": ", f);
    fprintf(f, "\"%s-%d\", ", life_local_id(l).text, (int)(c - l->care));
    put_date(f, "referral_date", c->referred);
    fputs(", ", f);
    put_text(f, "referral_source", c->source);
    fprintf(f, ", \"referral_no_further_action_flag\": %s, ", c->no_action ? "true" : "false");
    put_date(f, "closure_date", c->closed);
    fputs(", ", f);
    put_text(f, "closure_reason", c->closed <= LAST_DAY ? c->reason : NULL);
    put_plan(f, "child_and_family_assessments", (struct dates){c->assessed, c->authorised},
             "authorisation_date");
    put_plan(f, "child_in_need_plans", (struct dates){c->plan, c->plan_ends}, "end_date");
    put_plan(f, "section_47_assessments", (struct dates){c->enquiry, c->conference}, "end_date");
    put_plan(f, "child_protection_plans", (struct dates){c->protection, c->protection_ends},
             "end_date");
    put_placements(f, l, c);
    fputs(", \"purge\": false}", f);
}

static void
put_scores(FILE *f, const struct life *l)
{
    bool any = false;

    fputs("\"health_and_wellbeing\": {\"sdq_assessments\": [", f);
    for (int y = CIN_FIRST; y <= CIN_LAST; y++) {
        int score = life_score(l, y);
        if (score < 0)
            continue;
        fputs(any ? ", {" : "{", f);
        put_date(f, "date", date_from_ymd(y, 3, 31));
        fprintf(f, ", \"score\": %d}", score);
        any = true;
    }
    fputs("], \"purge\": false}, ", f);
}

static void
put_details(FILE *f, const struct life *l)
{
    fputs("\"child_details\": {", f);
    put_text(f, "unique_pupil_number", case_has_upn(l) ? l->upn : NULL);
    fputs(", ", f);
    put_text(f, "first_name", l->list_nickname ? l->called : l->forename);
    fputs(", ", f);
    if (l->list_surname)
        fprintf(f, "\"surname\": \"%s-%s\"", l->surname, l->other_surname);
    else
        put_text(f, "surname", l->surname);
    fputs(", ", f);
    put_date(f, "date_of_birth", case_born(l));
    fprintf(f, ", \"sex\": \"%c\", \"purge\": false}, ", l->sex == 'M' ? 'M' : 'F');
}

void
payload_write(struct case_set *s, const struct life *l)
{
    FILE *f = s->payload;
    bool first = true;

    if (!l->n_care || l->care[l->n_care - 1].closed <= LAST_DAY ||
        l->care[l->n_care - 1].referred > LAST_DAY)
        return;
    fputs(s->any ? ",\n{" : "\n{", f);
    s->any = true;
    put_text(f, "la_child_id", life_local_id(l).text);
    fputs(", \"purge\": false, ", f);
    put_details(f, l);
    put_scores(f, l);
    fputs("\"social_care_episodes\": [", f);
    for (int i = 0; i < l->n_care; i++) {
        fputs(first ? "" : ", ", f);
        put_case(f, l, &l->care[i]);
        first = false;
    }
    fputs("]}", f);
}

void
payload_end(struct case_set *s)
{
    fputs("\n]}\n", s->payload);
}
