/* access/writer.h - the one connection through which pages change things and keep audit.
 *
 * Pages read through many connections but write through one, in turn.  Notes of pages that
 * only read are committed by its thread in groups: whoever comes while a commit is under
 * way goes together with the others into the next. */
#pragma once
#include "access/audit.h"

struct writer;

/* Opens the connection and starts the thread; both end with the job.  A connection that
 * was lost is opened again when it is next needed. */
MUST_CHECK enum err writer_open(struct job *j, const char *url, const struct key *key,
                                struct writer **out);
/* Run fn in one transaction, in a job of its own (what it is to give back goes into arg by
 * value), and commit its change with the notes of j.  Any error takes back the change; the
 * notes then stay on j for writer_keep(). */
MUST_CHECK enum err writer_run(struct writer *w, struct job *j, job_fn *fn, void *arg);
/* Commit the notes of j, and come back when they are on disk.  ERR_… : nothing may leave. */
MUST_CHECK enum err writer_keep(struct writer *w, struct job *j);
/* This session was used just now; written with the next group, nobody waits. */
void writer_see(struct writer *w, const char *token, int64_t now);
