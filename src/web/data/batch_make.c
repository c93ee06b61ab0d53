#include "ui/words.h"
#include "web/data/data.h"

static const char *
lede_of(struct job *j, const struct batch *b)
{
    switch (b->state) {
    case BATCH_LOADING:
        return "It is being loaded. Nobody sees its rows until all is read.";
    case BATCH_REFUSED:
        return job_format(j, "It was refused whole, so nothing changed: %s",
                          b->message ? b->message : "too many rows were wrong.");
    case BATCH_WITHDRAWN:
        return job_format(j, "It was taken out of all figures on %s: %s",
                          data_when(j, b->withdrawn),
                          b->withdrawn_why ? b->withdrawn_why : "no reason is kept.");
    default:
        break;
    }
    return job_format(j, "%s went in, %s turned away.", words_counted(j, b->loaded, "row", "rows"),
                      b->refused ? words_counted(j, b->refused, "was", "were") : "none was");
}

static void
make_about(struct job *j, const struct batch *b, struct batch_page_view *out)
{
    struct named *v = job_array(j, 8, sizeof *v);
    size_t n = 0;

    v[n++] = (struct named){.name = "Rows read", .value = words_count(j, b->read),
        .note = job_format(j, "%s went in, %s turned away", words_count(j, b->loaded),
                           words_count(j, b->refused))};
    v[n++] = (struct named){.name = "Loaded by", .value = b->loaded_by};
    v[n++] = (struct named){.name = "Started", .value = data_when(j, b->started)};
    if (b->published)
        v[n++] = (struct named){.name = "Known since", .value = data_when(j, b->published),
                                .note = "Figures as known on an earlier day leave it out"};
    if (b->withdrawn)
        v[n++] = (struct named){.name = "Withdrawn", .value = data_when(j, b->withdrawn),
                                .note = b->withdrawn_by};
    v[n++] = (struct named){.name = "Findings", .value = words_count(j, b->findings),
                            .absent = b->findings ? PRESENT : NONE};
    out->about = v;
    out->n_about = n;
}

void
batch_view_make(struct job *j, const struct batch *b, const struct view *view,
                struct batch_page_view *out)
{
    static const char *const class[] = {[BATCH_LOADING] = "govuk-tag--line",
        [BATCH_PUBLISHED] = "govuk-tag--green", [BATCH_REFUSED] = "govuk-tag--clay",
        [BATCH_WITHDRAWN] = "govuk-tag--clay"};

    *out = (struct batch_page_view){.view = view, .heading = b->title,
        .state = data_state_words(b->state), .state_class = class[b->state], .lede = lede_of(j, b)};
    make_about(j, b, out);
    if (batch_may_withdraw(b) && permit_act(j->who, ACT_LOAD))
        out->withdraw = job_format(j, "/data/batches/%lld/withdraw", (long long)b->id);
    if (!b->findings)
        return;
    out->findings = job_format(j, "/data/batches/%lld/findings", (long long)b->id);
    out->findings_text = job_format(j, "See all %s",
                                    words_counted(j, b->findings, "finding", "findings"));
    out->csv = job_format(j, "%s.csv", out->findings);
}

/* What a task of the queue says of itself: a load, or figures made again after a withdrawal. */
static const struct task_words {
    const char *heading, *ended, *failed, *failed_says, *waiting, *running;
} load_words = {"Loading", "Loaded", "The files were refused", "Nothing went in.",
                "Another load is under way. Yours begins when it is done.",
                "The files are being looked at."},
  figures_words = {"Making the figures again", "Withdrawn", "The figures were not made",
                   "The batch is withdrawn, but the figures still count it.",
                   "The batch is withdrawn. The figures are made again when the work under way "
                   "is done.",
                   "The batch is withdrawn. The figures are being made again without it."},
  correction_words = {"Making the figures again", "Corrected", "The figures were not made",
                      "The correction is on record, but the figures do not count it yet.",
                      "The correction is on record. The figures are made again when the work "
                      "under way is done.",
                      "The correction is on record. The figures are being made again with it."},
  again_words = {"Making the figures again", "Made", "The figures were not made",
                 "There are no figures until they are made again.",
                 "The figures are made again when the work under way is done.",
                 "The figures are being made again."},
  check_words = {"Checking", "Checked", "The files could not be checked", "Nothing was written.",
                 "Other work is under way. Yours begins when it is done.",
                 "The files are being looked at. Nothing is written."};

void
load_progress_make(struct job *j, const struct task *t, struct load_progress *out)
{
    bool corrected = t->input && strstr(t->input, "correction");
    bool again = t->input && strstr(t->input, "again");
    const struct task_words *w = !strcmp(t->kind, "figures")
                                     ? corrected ? &correction_words
                                       : again   ? &again_words
                                                 : &figures_words
                                 : !strcmp(t->kind, "check") ? &check_words : &load_words;
    bool waiting = !strcmp(t->state, "waiting"), running = !strcmp(t->state, "running");

    out->done = t->done;
    out->total = t->total;
    out->running = waiting || running;
    out->failed = !strcmp(t->state, "failed");
    out->failed_says = w->failed_says;
    out->back = "/data";
    out->heading = out->running ? w->heading : out->failed ? w->failed : w->ended;
    if (waiting)
        out->says = w->waiting;
    else if (running)
        out->says = t->total > 0 ? job_format(j, "%s of the text is read.", words_percent(j,
                                  (struct point){t->done, t->total, false}, 0))
                                 : w->running;
    else
        out->says = t->message ? words_capital(j, t->message) : "It is done.";
}
