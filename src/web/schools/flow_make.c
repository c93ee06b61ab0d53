/* Moves into and out of a school as a picture, a sentence and a table. */
#include "ui/words.h"
#include "web/schools/schools.h"

static const char *
way(const struct flow_line *l)
{
    return l->out ? flow_rows[l->kind].went : flow_rows[l->kind].came;
}

/* Parts of one direction, a kind each; the lines are in order of kind. */
static size_t
parts_of(struct job *j, const struct school_facts *f, bool out, struct flow_part *v)
{
    size_t n = 0;
    int last = -1;

    for (size_t i = 0; i < f->n_flow; i++) {
        const struct flow_line *l = &f->flow[i];
        if (l->out != out || !way(l))
            continue;
        if ((int)l->kind != last)
            v[n++] = (struct flow_part){.accent = l->kind == FLOW_EXIT};
        last = (int)l->kind;
        v[n - 1].n += l->moves;
        v[n - 1].label = job_format(j, "%s %s", words_count(j, v[n - 1].n), way(l));
    }
    return n;
}

static int64_t
moves(const struct school_facts *f, bool out, int kind) /* kind -1: all */
{
    int64_t n = 0;

    for (size_t i = 0; i < f->n_flow; i++)
        if (f->flow[i].out == out && (kind < 0 || (int)f->flow[i].kind == kind))
            n += f->flow[i].moves;
    return n;
}

static struct table
flow_table(struct job *j, const struct school_facts *f)
{
    static const struct column columns[] = {{"How", false}, {"Other school", false},
                                            {"Moves", true}};
    struct cell *c = job_array(j, 3 * f->n_flow + 1, sizeof *c);
    size_t n = 0;

    for (size_t i = 0; i < f->n_flow; i++) {
        const struct flow_line *l = &f->flow[i];
        struct cell *row = &c[3 * n];
        if (!way(l))
            continue;
        row[0].text = job_format(j, "%s: %s", l->out ? "Went" : "Came", way(l));
        row[1].text = l->place ? l->place : "Not named";
        row[2].text = words_count(j, l->moves);
        n++;
    }
    return (struct table){.name = "Moves into and out of this school", .columns = columns,
                          .n_columns = 3, .cells = c, .n_rows = n, .stack = true};
}

static const char *
picture_words(struct job *j, const struct flow_chart *f)
{
    const char *words = "Moves in:";

    for (size_t i = 0; i < f->n_in; i++)
        words = job_format(j, "%s%s %s", words, i ? "," : "", f->in[i].label);
    words = job_format(j, "%s%s. Moves out:", words, f->n_in ? "" : " none");
    for (size_t i = 0; i < f->n_out; i++)
        words = job_format(j, "%s%s %s", words, i ? "," : "", f->out[i].label);
    return job_format(j, "%s%s.", words, f->n_out ? "" : " none");
}

void
school_flow(struct job *j, const struct school_facts *f, struct school_page *out)
{
    struct flow_part *in = job_array(j, FLOWS, sizeof *in);
    struct flow_part *left = job_array(j, FLOWS, sizeof *left);
    int64_t exits = moves(f, true, FLOW_EXIT);

    if (!f->n_flow)
        return;
    out->flow = (struct flow_chart){.in = in, .out = left, .n_in = parts_of(j, f, false, in),
                                    .n_out = parts_of(j, f, true, left)};
    out->flow.name = picture_words(j, &out->flow);
    out->flow_table = flow_table(j, f);
    out->flow_words = (struct figure_words){
        .says = job_format(j, "In %s there were %s in and %s out%s", figures_year(j, f->year),
                           words_counted(j, moves(f, false, -1), "move", "moves"),
                           words_count(j, moves(f, true, -1)),
                           exits ? job_format(j, ", %s of them off every roll without an "
                                                 "explanation", words_count(j, exits)) : ""),
        .what = "Moves outside the usual change of phase, at the left where pupils came from, at "
                "the right where they went; a pupil who moved twice counts twice. An unexplained "
                "move off roll means that no record loaded here says why. It may have a good "
                "reason; it is a question to ask, never a finding of wrongdoing."};
}
