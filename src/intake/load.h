/* intake/load.h - files and folders in, published batches out: the command line and the
 * upload of the Data page alike.
 *
 * Folders are searched through, in order of names; so are zips, and workbooks sheet by sheet:
 * what is in one of them is as if it were in a folder of its own.  Each file is recognised by
 * what is in it, and files are grouped into batches:
 *   - an XML file, a notification list, a person list, a calendar is a batch of its own;
 *   - the tables of one census export are those of one folder with one table of returns
 *     (schoolcensus); where a folder holds several exports, those whose names are the same
 *     but for the table's: "aut24_pupilonroll.csv" goes with "aut24_schoolcensus.csv";
 *   - schools and links, postcodes, deprivation: those of one folder with the same digits
 *     in their names.
 * Batches are taken in the order of families.def, censuses by term.  The authority is that
 * of the census, else of GIAS where it lists one only, else --area, else the only one there
 * is.  One load at a time works for an authority; what killed loads left is removed first. */
#pragma once
#include "intake/after.h"
#include "intake/batch.h"

struct load_options {
    int64_t area;            /* --area; 0 not given */
    const char *loaded_by;   /* login, or "command line" */
    const struct after *after;
    const char *home;        /* of the key file, for authorities with sealed records; NULL none */
    /* Read, check and count as a load would, on a trial of the database (store/db.h): nothing
     * is kept, and what was found comes with the result. */
    bool dry;
    /* Read files from copies: somebody may cut them short at any moment, as in a folder that
     * is dropped into, and a file that is shorter than it was cannot be read as it stood. */
    bool copy;
    const char *title;       /* of its batches, instead of what the files say; NULL */
    void (*tell)(void *arg, int64_t done, int64_t total); /* bytes; may be NULL */
    void *arg;
};

enum load_outcome { LOAD_PUBLISHED, LOAD_KNOWN, LOAD_REFUSED };
const char *load_outcome_name(enum load_outcome o); /* "published", "nothing new", "refused" */
struct load_batch {
    enum load_outcome outcome;
    int64_t id;           /* of the batch; known: of the earlier one; 0: refused unread */
    int64_t area;
    const char *kind;
    char title[160];
    char message[600];    /* why it was refused; "" */
    int64_t read, loaded, refused, findings;
    size_t files;
    /* dry: its findings by rule, and the first of them */
    struct batch_rule *rule;
    size_t n_rules;
    struct batch_finding *finding;
    size_t n_found;
};
enum { LOAD_FOUND = 50 }; /* findings that a dry run shows one by one */
struct load_left {
    const char *path, *why; /* why: a sentence */
    bool named;             /* given by itself, not found in a folder */
};
struct load_result {
    struct load_batch *batch; /* in the order taken */
    size_t n_batches;
    struct load_left *left;   /* files that are in no batch */
    size_t n_left, room_left;
    size_t published, known, refused; /* batches */
    int64_t longest_hold; /* of the writer by one transaction, in microseconds */
};
/* ERR_INPUT: a path does not exist, or nothing of it could be recognised; ERR_USAGE: whose
 * files these are cannot be told; ERR_BUSY: another load is under way.  A batch that is
 * refused is no error of the load: see the result, which also holds what was done before
 * an error. */
MUST_CHECK enum err load(struct job *j, const char *const *paths, size_t n,
                         const struct load_options *o, struct load_result *out);
/* The same of one file that is text in memory. */
struct load_text {
    const char *name, *text; /* as its file is to be called; UTF-8 */
};
MUST_CHECK enum err load_text(struct job *j, const struct load_text *t,
                              const struct load_options *o, struct load_result *out);
