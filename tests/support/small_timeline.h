/* tests/support/small_timeline.h - a timeline made by hand, for tests of what reads one.
 *
 * Three schools (0: secondary, 1: secondary, 2: alternative provision), census returns of
 * 2021/22 to 2023/24 and autumn 2024 with all they can hold.  Add people, then their rows,
 * person by person; small_done() closes it.  Memory is the job's. */
#pragma once
#include "timeline/timeline.h"

enum { SMALL_ROWS = 256 };
struct small {
    struct timeline t;
    struct timeline_head head;
    struct timeline_person person[SMALL_ROWS];
    struct timeline_school school[3];
    struct timeline_return returns[SMALL_ROWS];
    struct timeline_census census[SMALL_ROWS];
    struct timeline_enrolment enrolment[SMALL_ROWS];
    struct timeline_suspension suspension[SMALL_ROWS];
    struct timeline_event event[SMALL_ROWS];
    struct timeline_absence absence[SMALL_ROWS];
    struct timeline_spell spell[SMALL_ROWS];
    struct timeline_placement placement[SMALL_ROWS];
    struct timeline_leaver leaver[SMALL_ROWS];
    struct timeline_entry entry[SMALL_ROWS];
    struct timeline_move move[SMALL_ROWS];
    struct timeline_batch batch[1];
    struct timeline_source source[1];
};
struct small *small_new(struct job *j);
/* A child on roll of school 0 from September 2021 on, Year 8 in 2021/22, in every census. */
uint32_t small_child(struct small *s, char sex);
void small_event(struct small *s, const struct timeline_event *e); /* of the last child */
void small_absence(struct small *s, int16_t year, uint16_t possible, uint16_t unauthorised);
void small_spell(struct small *s, enum timeline_kind kind, int32_t start, int32_t end);
/* On a register (enum entry_kind); school 0, no provider. */
void small_entry(struct small *s, int kind, int32_t start, int32_t end);
/* Left school 0: says and explains as the ground has them. */
void small_leaver(struct small *s, char ground, int32_t left);
void small_move(struct small *s, enum timeline_move_kind kind, int16_t year, int32_t on);
/* Change the census rows of the last child: what they say of SEN, free meals and place. */
void small_traits(struct small *s, char sen, uint16_t flags, uint8_t idaci);
const struct timeline *small_done(struct small *s);
