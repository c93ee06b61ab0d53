/* intake/loading.h - one batch while it is being loaded.  Private to this room.
 *
 * Whoever understands a family of tables (families.h) gets each record and answers with
 * facts and findings; counting, keeping the text, writing in chunks, and publishing or
 * refusing the whole are done here. */
#pragma once
#include "intake/batch.h"
#include "intake/chunk.h"
#include "intake/facts.h"
#include "intake/found.h"
#include "intake/keep.h"
#include "base/map.h"
#include "link/identity.h"
#include "returns/reader.h"

/* What is shared by the batches of one load. */
struct loader {
    struct chunk *chunk;
    struct keeper *keeper;
    struct job people;       /* memory of ids, apart, so that it can be read again */
    struct identities *ids;  /* of j->area; NULL: not read yet */
    int64_t ids_area;
    int64_t started_us;      /* monotonic, when j->now was: publishing has its own time */
    const char *loaded_by;
    const char *home;        /* of the key file; NULL: not told */
    void (*tell)(void *arg, int64_t bytes); /* so many bytes more were read; may be NULL */
    void *arg;
};

struct counts {
    int64_t read, loaded, refused;
};
struct loading {
    struct loader *loader;
    int64_t batch_id;
    const char *kind;          /* may be changed while reading, as may the title */
    char title[160];           /* may be changed while reading */
    struct reading reading;
    int32_t school_year, term; /* of a census: for the batch */
    int32_t made_on;           /* day the newest of its files says it was made; DATE_NONE */
    struct loaded_file *file;  /* the file_id-th is file[file_id - 1] */
    int64_t file_id;           /* being read, from 1 */
    struct counts *of_table;   /* by row of layouts[] */
    int64_t n_findings;
    struct map *told;          /* rule and file -> index in tellings */
    struct pile *tellings;
    const char *shared;        /* family of shared tables that it brings; NULL */
    int64_t edition;           /* of them, being written */
    const char *area_name;     /* as GIAS has it; NULL: not told */
    const char *refusal;       /* why it cannot be published, whatever the counts; NULL */
};
struct loaded_file {
    const struct returns_file *file;
    const char *note;
    struct counts counts;
    struct aside { /* records that were read and counted, but not kept */
        const char *what;
        int64_t n;
    } aside[4];
};

/* The row of the batch, as "loading".  n_files of them will be read. */
MUST_CHECK enum err loading_begin(struct job *j, struct loader *x, const struct batch *about,
                                  size_t n_files, struct loading **out);
/* Read one file through, giving each record that is not refused to fn, in file order. */
typedef enum err loading_fn(struct job *j, void *arg, const struct record *r);
MUST_CHECK enum err loading_read(struct job *j, struct loading *l, const struct returns_file *f,
                                 loading_fn *fn, void *arg);

/* A fact.  The record counts as loaded unless loading_refuse() says otherwise. */
MUST_CHECK enum err loading_row(struct job *j, struct loading *l, const struct db_table *t,
                                struct args v);
/* A finding about a record: one that refuses moves the record from loaded to refused, also
 * for a record of an earlier file. */
struct place {
    const struct layout *layout;
    int64_t file_id, line, urn; /* urn 0: not known */
};
struct place loading_place(const struct loading *l, const struct record *r, int64_t urn);
MUST_CHECK enum err loading_find(struct job *j, struct loading *l, const struct place *at,
                                 enum found what, const char *detail);
/* A day on which the file says it was made, or that something in it was told. */
void loading_made_on(struct job *j, struct loading *l, const struct value *day);
/* This record of the file being read is not needed here: what it is, in words that stay ("short
 * breaks, which are not being looked after"), is told with the file, and how many. */
void loading_aside(struct loading *l, const char *what);
/* Who it is; doubts become findings. */
MUST_CHECK enum err loading_who(struct job *j, struct loading *l, const struct place *at,
                                const struct description *d, struct identity *out);

/* Say how many findings of a kind were not kept one by one. */
MUST_CHECK enum err loading_tell_more(struct job *j, struct loading *l);
/* Forget who is who: what was found belongs to a batch that came to nothing. */
void loader_forget(struct loader *x);

/* All is read: publish, or refuse when too much of a table was refused.  *published tells. */
MUST_CHECK enum err loading_end(struct job *j, struct loading *l, bool *published);
/* Refuse it now, with the job's error as the reason; the error is cleared. */
MUST_CHECK enum err loading_refuse(struct job *j, struct loading *l);
