/* timeline/pack.h - blocks become whole sections, and the sections a file.  Private. */
#pragma once
#include "timeline/derive.h"

/* Close the gaps between the blocks of a section; fills every person's first[]. */
void pack_section(struct build *b, enum timeline_section s);
/* Indices of derived rows, from within their block to within the section. */
void pack_indices(struct build *b);
/* The sections as they lie in memory: what a file would show. */
void pack_view(struct build *b, struct timeline *t);
/* Width of a row of a section. */
size_t pack_width(enum timeline_section s);

/* moves.c: changes of the main enrolment, from the packed sections. */
MUST_CHECK enum err moves_derive(struct build *b, const struct timeline *t);

/* file.c: write the sections to path: aside, synced, renamed. */
MUST_CHECK enum err file_write(struct job *j, const char *path, const struct timeline *t,
                               struct timeline_head *head);
/* Checksum of a piece of memory (a multiple of 4 bytes long). */
uint64_t file_checksum(uint64_t start, const void *p, size_t n);
/* SHA-256 over the batches that count, who is who and the editions of shared tables. */
MUST_CHECK enum err file_digest(struct job *j, const struct timeline_order *order, uint8_t *out);
