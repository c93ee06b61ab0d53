#include "cli/area.h"
#include "report/at_risk.h"
#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const struct option options[] = {
    {"--area", "N", "the authority's DfE number; needed when there are several"},
    {"--year", "2024", "school year, by the calendar year it starts in (the last complete one)"},
    {"--measure", "NAME", "one measure: any, susp, pex, pa, sa … (the terminal: any)"},
    {"--by", "NAME", "one dimension: sex, year-group, fsm, sen, semh, care, ethnicity …"},
    {"--csv", "FILE", "a row a figure, all years and groups; - for standard output"},
    {"--xlsx", "FILE", "a workbook, a sheet a measure"},
    {"--html", "FILE", "one self-contained page to print"},
    {"--internal", NULL, "hide nothing: not to leave the people who may open the lists"},
    {0},
};

static const char *
measure_names(struct job *j)
{
    const char *list = measure_rows[0].name;

    for (int m = 1; m < MEASURES; m++)
        list = job_format(j, "%s, %s", list, measure_rows[m].name);
    return list;
}

static const char *
dimension_names(struct job *j)
{
    const char *list = dimension_rows[0].name;

    for (int d = 1; d < DIMENSIONS; d++)
        list = job_format(j, "%s, %s", list, dimension_rows[d].name);
    return list;
}

static enum err
names_of(struct job *j, const struct command *c, struct at_risk_asked *a)
{
    const char *measure = command_option(c, "--measure"), *by = command_option(c, "--by");
    enum measure m = M_ANY;
    enum dimension d = D_ALL;

    if (measure && !measure_find(measure, &m)) {
        err_set(j, ERR_USAGE, "there is no measure \"%s\"", measure);
        return err_hint(j, "There are: %s.", measure_names(j));
    }
    if (by && !dimension_find(by, &d)) {
        err_set(j, ERR_USAGE, "figures are not cut by \"%s\"", by);
        return err_hint(j, "They are by: %s.", dimension_names(j));
    }
    a->measure = measure ? (int)m : -1;
    a->dimension = by ? (int)d : -1;
    return OK;
}

static enum err
asked_of(struct job *j, const struct command *c, struct at_risk_asked *a)
{
    int64_t year;
    enum err e = command_int(j, c, "--year", -1, &year);

    *a = (struct at_risk_asked){-1, (int32_t)year, -1, command_option(c, "--internal") != NULL};
    return e ? e : names_of(j, c, a);
}

static enum err
write_out(struct job *j, const char *path, struct span text)
{
    FILE *f = strcmp(path, "-") ? fopen(path, "wb") : stdout;
    bool good = f && fwrite(text.s, 1, text.n, f) == text.n;

    if (f && f != stdout)
        good &= fclose(f) == 0;
    if (good)
        return OK;
    err_set(j, ERR_ENV, "%s cannot be written: %s", path, strerror(errno));
    return err_hint(j, "Name a file in a folder that you may write to.");
}

static size_t
terminal_width(void)
{
    struct winsize w = {0};

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_col ? 100 : w.ws_col;
}

/* The files asked for; *n is how many. */
static enum err
write_files(struct job *j, const struct at_risk_asked *a, const struct command *c, size_t *n)
{
    static const char *const name[] = {
        [SHEET_CSV] = "--csv", [SHEET_XLSX] = "--xlsx", [SHEET_HTML] = "--html"};
    enum err e = OK;

    *n = 0;
    for (size_t i = 0; i < sizeof name / sizeof *name && !e; i++) {
        const char *path = command_option(c, name[i]);
        struct span text;
        if (!path)
            continue;
        e = at_risk_file(j, a, (enum sheet_format)i, &text);
        if (!e)
            e = write_out(j, path, text);
        ++*n;
    }
    return e;
}

/* On a terminal one measure is enough to read: the types, the years, and one by group. */
static enum err
show(struct job *j, const struct at_risk_asked *a)
{
    struct sheet_book book;
    struct span text;
    enum err e = at_risk_book(j, a, &book);

    if (e)
        return e;
    if (a->measure < 0)
        book.n = 3;
    e = sheet_as_text(j, &book, terminal_width(), &text);
    return e ? e : write_out(j, "-", text);
}

static enum err
report(struct job *j, const struct command *c)
{
    struct at_risk_asked a;
    size_t files = 0;
    enum err e = command_words(j, c, 1, 1);

    if (!e && strcmp(c->argv[0], "who-is-at-risk")) {
        err_set(j, ERR_USAGE, "there is no report \"%s\"", c->argv[0]);
        return err_hint(j, "There is: who-is-at-risk");
    }
    if (!e)
        e = asked_of(j, c, &a);
    if (!e)
        e = command_db(j, c, false);
    if (!e)
        e = command_area(j, c);
    if (!e)
        e = write_files(j, &a, c, &files);
    return e || files ? e : show(j, &a);
}

const struct verb verb_report = {
    .name = "report",
    .usage = "who-is-at-risk [--year Y] [--measure NAME] [--by NAME] [--csv FILE] …",
    .about = "print who is at risk, or write it as CSV, XLSX or HTML",
    .manual =
        "who-is-at-risk counts the twelve types of exclusion in a school year, over the years,\n"
        "and by year group, sex, free school meals, special needs, social care, ethnic group,\n"
        "deprivation, district and school. Every figure has its denominator, its rate per 100\n"
        "and a 95% interval.\n\n"
        "Counts of 1 to 4 are shown as \"c\", with as many others as it takes that nobody can\n"
        "work them out; rates need 20 children. --internal hides nothing.",
    .options = options,
    .gives_way = true,
    .fn = report,
};
