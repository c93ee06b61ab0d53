/* base/log.h - what happened, for the operator: one line of key=value each, on stderr.
 *
 * Never personal data: ids, counts, names of tables and acts only. */
#pragma once
#include "base/job.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
/* 2026-11-24T10:15:02Z info event=page path=/overview ms=4.  fmt gives the key=value part. */
void log_event(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The job's error: kind and detail; the message only where it is about us or the machine,
 * for others may name a value of a file. */
void log_error(const struct job *j, const char *event);
/* Set once by main before any thread starts; LOG_INFO before that. */
void log_set_level(enum log_level most);
