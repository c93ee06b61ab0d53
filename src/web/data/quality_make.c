#include "base/date.h"
#include "intake/found.h"
#include "returns/findings.h"
#include "ui/words.h"
#include "web/data/quality.h"
#include "web/frame.h"

/* ---- the rules across files ---- */

static int64_t
count_of(const struct quality_facts *f, const char *rule, bool at_load, int64_t *parts)
{
    for (size_t i = 0; i < f->n_rules; i++)
        if (f->rules[i].at_load == at_load && !strcmp(f->rules[i].rule, rule)) {
            *parts = f->rules[i].parts;
            return f->rules[i].findings;
        }
    *parts = 0;
    return 0;
}

static const char *
rule_note(struct job *j, const struct quality_rule *r)
{
    char first[DATE_TEXT], last[DATE_TEXT];

    if (r->first && r->last)
        return job_format(j, "%s. %s. Asked of %s to %s", words_capital(j, r->source), r->guide,
                          date_year_name(r->first, first), date_year_name(r->last, last));
    if (r->first)
        return job_format(j, "%s. %s. Asked of %s and later", words_capital(j, r->source),
                          r->guide, date_year_name(r->first, first));
    return job_format(j, "%s. %s", words_capital(j, r->source), r->guide);
}

static struct cell
found_cell(struct job *j, const struct quality_rule *r, int64_t n)
{
    return (struct cell){.text = words_count(j, n), .hidden = r->sentence,
                         .href = frame_with(j, "/data/quality/list", "rule", r->name)};
}

static void
make_rules(struct job *j, const struct quality_facts *f, struct quality_page *out)
{
    static const struct column found[] = {{"What is wrong", false}, {"How grave", false},
                                          {"Found", true}, {"Schools", true}};
    static const struct column quiet[] = {{"What would be wrong", false}, {"How grave", false}};
    size_t columns = f->own_school ? 3 : 4, n = 0, n_quiet = 0;
    struct cell *c = job_array(j, columns * QUALITY_RULES, sizeof *c);
    struct cell *k = job_array(j, 2 * QUALITY_RULES, sizeof *k);

    for (int r = 0; r < QUALITY_RULES; r++) {
        const struct quality_rule *rule = &quality_rules[r];
        int64_t schools, findings = count_of(f, rule->name, false, &schools);
        struct cell *row = findings ? &c[columns * n++] : &k[2 * n_quiet++];
        row[0] = (struct cell){.text = rule->sentence, .note = rule_note(j, rule)};
        row[1].text = quality_severity_words(rule->severity);
        if (!findings)
            continue;
        row[2] = found_cell(j, rule, findings);
        if (columns > 3)
            row[3].text = words_count(j, schools);
    }
    out->found = (struct table){.name = "What the rules found", .columns = found,
                                .n_columns = columns, .cells = c, .n_rows = n, .stack = true};
    out->quiet = (struct table){.name = "Rules that found nothing", .columns = quiet,
                                .n_columns = 2, .cells = k, .n_rows = n_quiet, .stack = true};
}

/* ---- schools ---- */

static void
make_schools(struct job *j, const struct quality_facts *f, struct quality_page *out)
{
    static const struct column columns[] = {{"School", false}, {"To check", true},
                                            {"Rules", true}, {"For the school", false}};
    size_t shown = f->every_school || f->n_schools <= QUALITY_SCHOOLS_SHOWN
                       ? f->n_schools : QUALITY_SCHOOLS_SHOWN;
    struct cell *c = job_array(j, 4 * shown, sizeof *c);

    for (size_t i = 0; i < shown; i++) {
        const struct quality_of_school *s = &f->schools[i];
        struct cell *row = &c[4 * i];
        row[0] = (struct cell){.text = s->name,
            .href = frame_with_int(j, "/data/quality/list", "school", s->urn)};
        row[1].text = words_count(j, s->findings);
        row[2].text = words_count(j, s->rules);
        row[3] = (struct cell){.text = "List (CSV)", .hidden = s->name,
            .href = frame_with_int(j, "/data/quality/list.csv", "school", s->urn)};
    }
    if (shown < f->n_schools)
        out->all_schools = "/data/quality?schools=all#schools";
    out->schools = (struct table){.name = "School by school", .columns = columns, .n_columns = 4,
                                  .cells = c, .n_rows = shown, .stack = true};
}

/* ---- what loading asks of each record ---- */

static void
load_row(struct job *j, const struct quality_facts *f, const char *name, const char *sentence,
         struct cell *row)
{
    int64_t batches, n = count_of(f, name, true, &batches);

    row[0] = (struct cell){.text = sentence, .note = name};
    if (n)
        row[2] = (struct cell){.text = words_count(j, n),
                               .note = words_counted(j, batches, "batch", "batches")};
    else
        row[2].absent = NONE;
}

static void
make_at_load(struct job *j, const struct quality_facts *f, struct quality_page *out)
{
    static const struct column columns[] = {{"What is wrong", false}, {"What becomes of the record",
        false}, {"Found", true}};
    static const struct filling with = {"A field", "…", "…", "that year", "…"};
    struct cell *c = job_array(j, 3 * (RULES + FOUNDS), sizeof *c);
    char text[FOUND_TEXT];
    size_t n = 0;

    for (int r = 1; r < RULES; r++) { /* 0: nothing is wrong */
        struct cell *row = &c[3 * n++];
        load_row(j, f, rule_name((enum rule)r),
                 job_copy(j, rule_fill((enum rule)r, &with, text, sizeof text)), row);
        row[1].text = "Turned away where the field is needed";
    }
    for (int r = 0; r < FOUNDS; r++) {
        struct cell *row = &c[3 * n++];
        load_row(j, f, found_rule((enum found)r),
                 job_copy(j, found_sentence((enum found)r, "…", text)), row);
        row[1].text = found_refuses((enum found)r) ? "Turned away" : "Goes in, with a remark";
    }
    out->at_load = (struct table){.name = "Asked of each record", .columns = columns,
                                  .n_columns = 3, .cells = c, .n_rows = n, .stack = true};
}

/* ---- the page ---- */

static void
make_words(struct job *j, const struct quality_facts *f, struct quality_page *out)
{
    int64_t parts, all = count_of(f, "", false, &parts);
    char when[DATE_TEXT + 16], day[DATE_TEXT];

    if (!f->state->run) {
        out->heading = "The data have not been checked yet";
        out->lede = "Rules over all files together are asked after each load.";
        return;
    }
    out->heading = !all            ? "The rules found nothing to check"
                   : f->own_school ? job_format(j, "%s to check at your school",
                                                words_counted(j, all, "thing", "things"))
                                   : job_format(j, "%s to check, in %s",
                                                words_counted(j, all, "thing", "things"),
                                                words_counted(j, parts, "school", "schools"));
    out->lede = job_format(j, "%s rules over all files together, asked on %s of what happened up "
                           "to %s.", words_capital(j, words_number(j, QUALITY_RULES)),
                           time_words(f->state->made, when), date_words(f->state->day, day));
    out->csv = all && f->own_school ? "/data/quality/list.csv" : NULL;
}

void
quality_page_make(struct job *j, const struct quality_facts *f, const struct view *view,
                  struct quality_page *out)
{
    *out = (struct quality_page){.view = view};
    make_words(j, f, out);
    if (!f->state->run)
        return;
    make_rules(j, f, out);
    if (f->own_school)
        return;
    make_schools(j, f, out);
    make_at_load(j, f, out);
}
