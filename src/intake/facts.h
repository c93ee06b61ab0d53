/* intake/facts.h - the tables a load writes. */
#pragma once
#include "store/db.h"

#define FACT(table, columns, types) extern const struct db_table fact_##table;
#include "intake/facts.def"
#undef FACT
extern const struct db_table fact_register_week, fact_register_batch; /* marks: a row holds many */
extern const struct db_table fact_file_chunk, fact_finding;

/* Remove all rows of a batch from these tables, and its kept text, in small transactions;
 * with_findings: also findings, files and the batch itself. */
MUST_CHECK enum err facts_clear(struct job *j, int64_t batch_id, bool with_findings);
/* Of a batch whose time is over, in small transactions: its facts, registers apart; and its kept
 * text and findings.  Who its records are stays. */
MUST_CHECK enum err facts_expire(struct job *j, int64_t batch_id);
MUST_CHECK enum err facts_forget(struct job *j, int64_t batch_id);
