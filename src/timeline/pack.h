/* timeline/pack.h - blocks become whole sections, and the sections a file.  Private. */
#pragma once
#include "timeline/derive.h"

/* Close the gaps between the blocks of a section; fills every person's first[]. */
void pack_section(struct build *b, enum timeline_section s);
/* Indices of derived rows, from within their block to within the section. */
void pack_indices(struct build *b);
/* The sections that all parts share, and those of the part as they lie in memory: what a file
 * would show. */
void pack_shared(struct build *b, struct timeline *t);
void pack_view(struct build *b, struct timeline *t);
/* The sections of a part behind those before it, as the file will have them; t->n of all. */
void pack_part(struct build *b);
void pack_end(struct build *b, struct timeline *t);
/* Width of a row of a section. */
size_t pack_width(enum timeline_section s);

/* moves.c: changes of the main enrolment, from the packed sections. */
MUST_CHECK enum err moves_derive(struct build *b, const struct timeline *t);

/* file.c: write the sections to b->path: aside, synced, renamed. */
MUST_CHECK enum err file_write(struct build *b, const struct timeline *t);
/* Checksum of n bytes, given piece by piece or at once. */
struct file_sum {
    uint64_t h, lane[4];
    size_t held;  /* bytes of rest */
    char rest[32];
};
void file_sum_begin(struct file_sum *x, uint64_t start, size_t n);
void file_sum_add(struct file_sum *x, const char *s, size_t n);
uint64_t file_sum_end(struct file_sum *x);
uint64_t file_checksum(uint64_t start, const void *p, size_t n);
/* SHA-256 over the batches that count, who is who and the editions of shared tables. */
MUST_CHECK enum err file_digest(struct job *j, const struct timeline_order *order, uint8_t *out);
