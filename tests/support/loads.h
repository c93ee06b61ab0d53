/* tests/support/loads.h - loading small exports, and what is in the database afterwards. */
#pragma once
#include "intake/load.h"
#include "support/dump.h"
#include "support/support.h"

/* The small council of tests/golden/intake/council, for the tests to change. */
#define LOADS_COUNCIL "tests/golden/intake/council"

/* A file in the test's folder, with the folders it lies in.  Gives its path. */
const char *loads_file(struct job *j, const char *name, const char *text);
/* A copy of a file or folder of the tree, in the test's folder. */
const char *loads_copy(struct job *j, const char *from, const char *name);
/* Every occurrence in the file becomes something else; there must be one. */
void loads_edit(struct job *j, const char *path, const char *from, const char *to);
/* More text at the end. */
void loads_append(struct job *j, const char *path, const char *text);
void loads_remove(const char *path); /* a file */

/* Load; the call itself must succeed. */
struct load_result loads_run(struct job *j, const char *path);
/* The same, and each batch must come out like this. */
struct load_result loads_expect(struct job *j, const char *path, enum load_outcome want);
/* The first batch whose title begins so. */
const struct load_batch *loads_batch(const struct load_result *r, const char *title);

/* All that loads write, as text: batches (without times), files, findings, who is who,
 * facts, shared tables. */
const char *loads_dump(struct job *j);
/* What readers see of it: counts of published batches, their facts, and the shared tables
 * in force. */
const char *loads_published(struct job *j);
/* One number from the database. */
int64_t loads_count(struct job *j, const char *sql);
