#include "cli/verb.h"
#include "intake/saved_layout.h"
#include "people/area.h"
#include "returns/describe.h"
#include <strings.h>
#include <unistd.h>

/* ---- layouts that an authority has saved ------------------------------------------- */

static void
put_saved(const struct saved_layout *s)
{
    printf("* \"%s\": read as `%s` (%s)%s%s\n", s->m.name, s->m.layout ? s->m.layout->name : "?",
           s->m.layout ? s->m.layout->title : "which is no longer read",
           *s->unusable ? "; not used any more: " : "", s->unusable);
}

static void
put_parts(const struct mapping *m)
{
    printf("\n| field | in the file | read as |\n|---|---|---|\n");
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct mapping_part *p = &m->part[i];
        printf("| %s | %s%s | %s |\n", p->field, p->kind == MAPPING_COLUMN ? "column " : "",
               p->kind == MAPPING_CONSTANT ? "(every record)" : p->source,
               p->value ? p->value : "it stands");
    }
}

/* Of all authorities, or the one of this name; *found tells. */
static enum err
saved(struct job *j, const char *name, bool *found)
{
    struct area *area;
    size_t n_areas, n;
    enum err e = area_list(j, &area, &n_areas);

    for (size_t i = 0; !e && i < n_areas; i++) {
        struct saved_layout *list;
        j->area = area[i].area_id;
        e = saved_layout_list(j, &list, &n);
        if (!e && n && !name)
            printf("\n## Layouts saved by %s\n\n", area[i].name);
        for (size_t k = 0; !e && k < n; k++) {
            if (name && strcasecmp(name, list[k].m.name) != 0)
                continue;
            put_saved(&list[k]);
            if (name)
                put_parts(&list[k].m);
            *found = true;
        }
    }
    return e;
}

/* The layouts of the program are listed with or without a database. */
static enum err
saved_if_any(struct job *j, const struct command *c, const char *name, bool *found)
{
    bool there = strncmp(c->db, "sqlite:", 7) != 0 || access(c->db + 7, F_OK) == 0;

    *found = false;
    if (!there)
        return OK;
    if (command_db(j, c, false)) {
        err_clear(j);
        return OK;
    }
    return saved(j, name, found);
}

/* ---- the verb ---------------------------------------------------------------------- */

static enum err
one(struct job *j, const struct command *c, const char *name)
{
    const struct layout *l = layout_find(name);
    bool found;
    enum err e;

    if (l) {
        returns_describe_layout(stdout, l);
        return OK;
    }
    e = saved_if_any(j, c, name, &found);
    if (e || found)
        return e;
    err_set(j, ERR_INPUT, "there is no layout \"%s\"", name);
    return err_hint(j, "\"rooted formats\" lists them; the names are in `…`.");
}

static enum err
formats(struct job *j, const struct command *c)
{
    bool found;
    enum err e = command_words(j, c, 0, 1);

    if (e)
        return e;
    if (c->argc == 1)
        return one(j, c, c->argv[0]);
    returns_describe(stdout);
    return saved_if_any(j, c, NULL, &found);
}

const struct verb verb_formats = {
    .name = "formats",
    .usage = "[NAME]",
    .about = "print the files that are read, their columns and codes",
    .manual = "Prints, as Markdown, every table that load recognises: its columns and other\n"
              "names for them, what they hold, and the school years and terms that carry\n"
              "them; then the code sets by year and what may be found wrong with a record.\n"
              "docs/formats.md is this text. Layouts that an authority has saved itself\n"
              "follow. NAME prints one of them.",
    .fn = formats,
};
