/* web/data/files.h - files before they are loaded: what is understood, a check that writes
 * nothing, columns of somebody's own shape. */
#pragma once
#include "ui/components.h"
#include "web/page.h"

struct checked_batch {
    const char *title, *says;   /* "12 records would go in, 1 would be turned away." */
    const char *tag, *tag_class;
    struct table refused, remarks, first; /* n_rows 0: none */
};
struct check_page {
    const struct view *view;
    const char *heading, *lede, *load; /* load: action; NULL: nothing to load */
    const struct checked_batch *batches;
    size_t n;
    const struct named *left;   /* files left aside, and why; href: map its columns */
    size_t n_left;
};

struct formats_page {
    const struct view *view;
    const char *heading, *lede;
    const struct format_family {
        const char *name;
        const struct cell *layouts; /* links */
        size_t n;
    } *families;
    size_t n;
    struct table saved;         /* layouts of the authority's own; n_rows 0: none */
};
struct format_page {
    const struct view *view;
    const char *heading, *lede, *about; /* about: of codes; NULL none */
    struct table fields, codes; /* n_rows 0: none */
};

struct own_page {
    const struct view *view;
    const char *heading, *lede, *name;
    const char *unusable;       /* why no file is read by it any more; NULL */
    const char *action;         /* of removing it; NULL: not for this reader */
    struct table parts;
};

/* One field of the layout, and where its values come from. */
struct map_field {
    const char *name, *about, *from_id, *constant_id, *codes_id; /* codes_id NULL: no codes */
    const char *constant, *codes, *problem;
    bool needed;
    const struct option *columns;
    size_t n;
};
struct map_page {
    const struct view *view;
    struct problems problems;
    const char *heading, *lede, *action, *file, *row, *layout, *name;
    struct choice layouts, rows;
    const struct map_field *fields;
    size_t n;
    struct table sample, preview; /* as it stands; as it would be read (n_rows 0: not asked) */
    const char *preview_says;
};
