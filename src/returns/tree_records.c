#include "returns/tree.h"
#include "returns/tree_listed.h"
#include <limits.h>

enum { KEY_TEXT = 40, KEY_DIGEST = 8, FIELDS = 64 };

/* The piece with the line ends put in that its records need. */
static struct span
with_breaks(struct tree *x, struct span piece, int64_t until)
{
    const int64_t *at = x->breaks.mem;
    size_t n = 0;
    char *to;
    int64_t from = x->piece;

    if (x->breaks.n == 0)
        return piece;
    if (piece.n + x->breaks.n > x->room) {
        x->room = 2 * (piece.n + x->breaks.n);
        x->broken = job_alloc(x->j, x->room);
    }
    to = x->broken;
    for (size_t i = 0; i <= x->breaks.n; i++) {
        int64_t end = i < x->breaks.n ? at[i] : until;
        memcpy(to + n, piece.s + (from - x->piece), (size_t)(end - from));
        n += (size_t)(end - from);
        if (i < x->breaks.n)
            to[n++] = '\n';
        from = end;
    }
    return (struct span){to, n};
}

enum err
tree_hand_out_text(struct tree *x, int64_t until, int64_t line)
{
    struct span piece;
    enum err e = OK;

    if (x->listed)
        piece = tree_listed_take(x, line + x->added, &x->piece_line);
    else
        piece = with_breaks(x, file_text_between(&x->text, x->piece, until), until);
    if (x->failed)
        return x->j->err.kind;
    if (x->to->text && piece.n)
        e = x->to->text(x->j, x->to->arg, x->piece_line, piece.s, piece.n);
    x->piece_line = line + x->added;
    x->piece = until;
    x->breaks.n = 0;
    file_text_drop(&x->text, until);
    return e;
}

/* Key of the record that this one belongs to: one around it, or the last of that table. */
static int64_t
parent_key(const struct tree *x, const struct tree_node *nodes, const struct tree_node *node)
{
    int wanted = x->plan->layouts[node->layout].belongs_to;

    for (int i = node->parent; i >= 0; i = nodes[i].parent)
        if (nodes[i].layout == wanted)
            return nodes[i].key;
    return wanted >= 0 ? x->last_key[wanted] : 0;
}

/* "1f2e3d4c-17": the file's digest makes it unlike those of other files of the batch. */
static struct csv_field
key_text(const struct tree *x, int64_t key, char *buf)
{
    char *at = buf + KEY_TEXT;

    if (key == 0)
        return (struct csv_field){"", 0};
    for (; key; key /= 10)
        *--at = (char)('0' + key % 10);
    *--at = '-';
    at -= KEY_DIGEST;
    memcpy(at, x->native, KEY_DIGEST);
    return (struct csv_field){at, (size_t)(buf + KEY_TEXT - at)};
}

/* What stands once for the file, where the record does not say it itself. */
static void
file_values(const struct tree *x, const struct tree_layout *xl, struct csv_field *field)
{
    for (size_t i = 0; x->plan->n_file_values && i < xl->l->n_fields; i++)
        if (xl->file_value[i] >= 0 && field[i].n == 0) {
            const char *s = x->file_value[xl->file_value[i]];
            field[i] = (struct csv_field){s, strlen(s)};
        }
}

static enum err
hand_out(struct tree *x, const struct tree_node *nodes, const struct tree_node *node)
{
    const struct tree_layout *xl = &x->plan->layouts[node->layout];
    const struct tree_text *texts = (const struct tree_text *)x->texts.mem + node->texts;
    const char *bytes = x->bytes.mem;
    struct csv_field field[FIELDS];
    char key[KEY_TEXT], parent[KEY_TEXT];

    x->last_key[node->layout] = node->key;
    if (!x->parsers[node->layout]) {
        x->counts->skipped++;
        return OK;
    }
    for (size_t i = 0; i < xl->l->n_fields; i++)
        field[i] = texts[i].n ? (struct csv_field){bytes + texts[i].at, texts[i].n}
                              : (struct csv_field){"", 0};
    file_values(x, xl, field);
    if (xl->key >= 0)
        field[xl->key] = key_text(x, node->key, key);
    if (xl->parent >= 0)
        field[xl->parent] = key_text(x, parent_key(x, nodes, node), parent);
    if (xl->native >= 0)
        field[xl->native] = (struct csv_field){x->native, strlen(x->native)};
    if (node->twice >= 0)
        parser_twice(x->parsers[node->layout], (size_t)node->twice);
    return parser_take(x->parsers[node->layout], field, xl->l->n_fields, NULL, node->line);
}

/* The records of tables with this place in the order; *next: the place after it. */
static enum err
hand_out_turn(struct tree *x, int turn, int *next)
{
    const struct tree_node *nodes = x->nodes.mem;
    enum err e = OK;

    *next = INT_MAX;
    for (size_t i = 0; !e && i < x->nodes.n; i++) {
        int order = x->plan->layouts[nodes[i].layout].l->order;
        if (order == turn)
            e = hand_out(x, nodes, &nodes[i]);
        else if (order > turn && order < *next)
            *next = order;
    }
    return e;
}

enum err
tree_hand_out(struct tree *x, int64_t until, int64_t line)
{
    enum err e = OK;
    int turn = INT_MIN, next;

    do {
        e = hand_out_turn(x, turn, &next);
        turn = next;
    } while (!e && next != INT_MAX);
    x->nodes.n = x->texts.n = x->bytes.n = 0;
    if (!e && until - x->piece >= PIECE)
        e = tree_hand_out_text(x, until, line);
    return e;
}

static const char *
passed_over(struct job *j, const struct tree *x)
{
    char *list = job_copy(j, "");

    if (x->strangers == 0)
        return "";
    for (int i = 0; i < TREE_STRANGERS && x->stranger[i][0]; i++)
        list = job_format(j, "%s%s%s", list, *list ? ", " : "", x->stranger[i]);
    return job_format(j, "%lld elements not used here were passed over: %s%s",
                      (long long)x->strangers, list,
                      x->stranger[TREE_STRANGERS - 1][0] ? " and others" : "");
}

const char *
tree_strangers(struct job *j, const struct tree *x)
{
    const char *over = passed_over(j, x);
    char number[TEXT_NUMBER];

    if (!x->left_out)
        return over;
    return job_format(j, "%s%s%s that %s not needed %s read, counted and not kept", over,
                      *over ? "; " : "",
                      job_format(j, "%s %s", text_count(x->left_out, number),
                                 x->left_out == 1 ? "value" : "values"),
                      x->left_out == 1 ? "is" : "are", x->left_out == 1 ? "was" : "were");
}

void
tree_prepare(struct tree *x, struct job *j, const struct returns_file *f, enum file_form form)
{
    struct scratch text = scratch_new(j);

    x->j = j;
    x->f = f;
    x->node = -1;
    x->plan = tree_plan(j, f->layout, form);
    x->listed = tree_listed_new(j, x->plan);
    x->open = job_array(j, x->plan->n_names + 1, sizeof *x->open);
    x->file_value = job_array(j, x->plan->n_file_values, sizeof *x->file_value);
    x->piece_line = 1;
    memcpy(x->native, f->digest, sizeof x->native - 1);
    x->parsers = job_array(j, x->plan->n_layouts, sizeof(struct parser *));
    x->last_key = job_array(j, x->plan->n_layouts, sizeof *x->last_key);
    for (size_t i = 0; i < x->plan->n_layouts; i++)
        if (!x->plan->layouts[i].l->skip)
            x->parsers[i] = parser_new(j, x->plan->layouts[i].l, text, x->to, x->counts);
    file_text_open(j, f, TREE_RECORD + TREE_TOKEN + PIECE + 2 * TREE_CHUNK, &x->text);
}

enum err
tree_too_large(struct tree *x, int64_t line, const char *token)
{
    char most[TEXT_NUMBER];

    err_set(x->j, ERR_INPUT, "%s, line %lld: %s is larger than it may be (%s bytes)", x->f->name,
            (long long)line, token ? token : "one record",
            text_count(token ? TREE_TOKEN : TREE_RECORD, most));
    return err_hint(x->j, "Look whether this is the file that was meant, or export it again.");
}
