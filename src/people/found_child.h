/* people/found_child.h - each child as a search shows it: its last census row, kept.
 *
 * A row holds while its batch is published and the child is in no census as new that came
 * since; the database itself drops rows of children whose identities change (migration 0067).
 * Where there is none that holds, the facts are asked: the same is shown, more slowly. */
#pragma once
#include "store/db.h"

/* Makes those that are missing or may be overtaken, for j->area.  Short transactions of its own;
 * what is published meanwhile is left to the next making. */
MUST_CHECK enum err found_child_make(struct job *j);
/* The newest census published since, as school year * 10 + term: rows of newer ones hold. */
MUST_CHECK enum err found_child_newest(struct job *j, int64_t *taken);
/* So do others of f whose child is in no other census as new; few pages of two indexes tell.
 * newest is a parameter. */
#define FOUND_CHILD_HOLDS(newest)                                                                 \
    "(f.taken > " newest " OR NOT EXISTS (SELECT 1 FROM identity o CROSS JOIN census_pupil k "    \
    "WHERE o.area_id = f.area_id AND o.person_id = f.person_id AND k.area_id = o.area_id "        \
    "AND k.identity_id = o.identity_id "                                                          \
    "AND (k.school_year, k.term) >= (f.taken / 10, f.taken % 10) AND k.batch_id <> f.batch_id)) "

/* The last census row that describes child $2 of area $1 (of that school, unless it is 0): on
 * roll before a leaver, main registrations before others.  The term first, from the end of an
 * index, so that a row is read for that term alone, and the name of its identity alone.  CROSS
 * JOIN keeps SQLite to the order that is cheap whatever it knows of the tables: from the person
 * to its few rows.  Columns are of c and its identity i. */
#define SQL_LAST_CENSUS_ROW(columns, school, joins)                                               \
    "SELECT " columns " FROM ("                                                                   \
    "SELECT MAX((SELECT k.school_year * 10 + k.term FROM census_pupil k "                         \
    "WHERE k.area_id = o.area_id AND k.identity_id = o.identity_id "                              \
    "AND (" school " = 0 OR k.urn = " school ") "                                                 \
    "AND EXISTS (SELECT 1 FROM batch b WHERE b.area_id = k.area_id AND b.batch_id = k.batch_id "  \
    "AND b.state = 'published') ORDER BY k.school_year DESC, k.term DESC LIMIT 1)) AS taken "     \
    "FROM identity o WHERE o.area_id = $1 AND o.person_id = $2) m "                               \
    "CROSS JOIN identity x CROSS JOIN census_pupil c CROSS JOIN batch b CROSS JOIN identity i "   \
    joins "WHERE x.area_id = $1 AND x.person_id = $2 "                                            \
    "AND c.area_id = x.area_id AND c.identity_id = x.identity_id "                                \
    "AND (" school " = 0 OR c.urn = " school ") "                                                 \
    "AND c.school_year = m.taken / 10 AND c.term = m.taken % 10 "                                 \
    "AND b.area_id = c.area_id AND b.batch_id = c.batch_id AND b.state = 'published' "            \
    "AND i.area_id = x.area_id AND i.identity_id = x.identity_id "                                \
    "ORDER BY c.on_roll DESC, "                                                                   \
    "CASE c.status WHEN 'C' THEN 0 WHEN 'M' THEN 1 ELSE 2 END, c.batch_id DESC, c.line LIMIT 1"
