/* base/embed.h - files that live inside the program.  Tables made by tools/embed. */
#pragma once
#include <stddef.h>

struct embedded {
    const char *name; /* without folders; NULL ends the table */
    const unsigned char *bytes;
    size_t n;
};
extern const struct embedded embed_migrations[]; /* migrations/, in order of name */
extern const struct embedded embed_assets[];     /* build/assets/ */
extern const struct embedded embed_packs[];      /* packs/ */
