#include "base/date.h"
#include "base/text.h"
#include "cli/verb.h"
#include "synth/synth.h"

static enum err
run(struct job *j, const struct command *c)
{
    const char *size = command_option(c, "--size"), *seed = command_option(c, "--seed"),
               *today = command_option(c, "--today");
    struct synth_plan p = {.size = size ? size : "town", .seed = 1, .quiet = c->quiet};
    struct synth_done done;
    int64_t n = 1;
    enum err e;

    if (c->argc != 1) {
        err_set(j, ERR_USAGE, "synth wants one folder to write to");
        return err_hint(j, "For example: rooted synth --size town --seed 1 ashmere");
    }
    if (seed && (!text_to_int(seed, strlen(seed), &n) || n < 0))
        return err_set(j, ERR_USAGE, "the seed must be a whole number, not %s", seed);
    p.seed = (uint64_t)n;
    p.registers = command_option(c, "--registers");
    if (today && !date_parse(today, strlen(today), &p.today))
        return err_set(j, ERR_USAGE, "%s is not a date such as 2026-09-30", today);
    p.out = c->argv[0];
    e = synth_write(j, &p, &done);
    if (e)
        return e;
    if (c->json)
        printf("{\"children\":%lld,\"on_roll\":%lld,\"schools\":%d}\n", (long long)done.children,
               (long long)done.on_roll, done.schools);
    else
        printf("Ashmere: %lld children, %lld of them on roll in October 2025, %d schools.\n"
               "Files in %s, what was planted in %s.truth, services in %s.directory.\n",
               (long long)done.children, (long long)done.on_roll, done.schools, p.out, p.out,
               p.out);
    return OK;
}

static const struct option options[] = {
    {"--size", "SIZE", "small (2,000 pupils), town (12,000), la (50,000), region (500,000)"},
    {"--seed", "N", "the same number gives the same files; default 1"},
    {"--registers", "HOW", "none, recent, year (all years), daily (a row a mark); default recent"},
    {"--today", "DATE", "the day up to which services of the directory were checked"},
    {NULL, NULL, NULL},
};

const struct verb verb_synth = {
    .name = "synth",
    .usage = "[--size SIZE] [--seed N] [--registers HOW] [--today DATE] FOLDER",
    .about = "make the files of an invented authority",
    .manual = "Writes the files that a council would hold, for the invented authority Ashmere:\n"
              "school censuses 2018/19 to autumn 2025, children in need censuses, the person\n"
              "list of the case system, looked-after returns, social care datasets, education,\n"
              "health and care plans, this term's suspension notifications, registers of\n"
              "attendance, a few transfer files, schools, term dates, postcodes, deprivation,\n"
              "DfE's published figures and a directory of some 300 services. No child, school,\n"
              "service or place in them exists.\n"
              "Figures resemble England's. The folder FOLDER.truth says what was planted:\n"
              "moves, children on the cliff edge, each mistake; FOLDER.directory holds services.\n"
              "Load them with \"rooted load FOLDER\" and \"rooted directory import FILE\".",
    .options = options,
    .gives_way = true,
    .fn = run,
};
