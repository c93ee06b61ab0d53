/* intake/plan.h - which files there are, and which of them make a batch.  Private. */
#pragma once
#include "intake/family.h"
#include "intake/load.h"
#include "returns/xml_names.h"

struct planned_file {
    struct returns_file *file;
    const char *folder;
    bool named;
    const char *key;    /* what the files of one export in this folder have in common */
};
struct planned {
    const struct family *family;
    struct planned_file **file; /* in the order of their tables */
    size_t n;
    int64_t lea;        /* of its header, or of a GIAS of one authority; 0 not known */
    int64_t area;
    int32_t school_year, term; /* census */
    int32_t order;      /* among batches of the family: by date */
    int32_t newest;     /* last day that something happened on in it; DATE_NONE not asked */
    char title[160];
    const char *refusal; /* why it is not even begun; NULL */
};
struct plan {
    struct planned_file *file;
    size_t n_files;
    struct planned *batch; /* in the order in which they are to be loaded */
    size_t n_batches;
    int64_t bytes;         /* of all batches */
    const struct mapping *mapping; /* layouts that the authority has saved */
    size_t n_mappings;
    struct xml_names names;
    bool copy;             /* files are read from copies */
    int64_t unpack;        /* bytes that zips and workbooks may still be unpacked to */
    size_t room;           /* of file */
    bool *seen;            /* by layout */
};
/* plan_files.c: find and open; what cannot be used goes into out->left. */
struct load_paths {
    const char *const *path;
    size_t n;
    int64_t area; /* as asked for; 0 */
    bool copy;
};
MUST_CHECK enum err plan_files(struct job *j, const struct load_paths *paths, struct plan *p,
                               struct load_result *out);
/* All files that a path means: itself, or those in the folder, in order. */
struct plan_path {
    const char *path, *folder;
    bool named; /* given by itself */
};
MUST_CHECK enum err plan_search(struct job *j, const char *path, struct plan_path **out,
                                size_t *n);
/* Text in memory. */
MUST_CHECK enum err plan_text(struct job *j, const struct load_text *t, struct plan *p,
                              struct load_result *out);
void plan_left(struct job *j, struct load_result *out, const struct planned_file *f,
               const char *why);
void plan_left_path(struct job *j, struct load_result *out, const struct load_left *l);
/* plan_group.c: which files make one batch. */
void plan_group(struct job *j, struct plan *p);
int plan_by_path(const struct planned_file *a, const struct planned_file *b);
/* plan.c: group, look into headers, decide whose they are, put in order. */
MUST_CHECK enum err plan_batches(struct job *j, struct plan *p, const struct load_options *o,
                                 struct load_result *out);
/* peek.c: what the header says. */
MUST_CHECK enum err plan_peek(struct job *j, struct planned *b);
