#include "web/pages.h"

const struct page pages[] = {
#define PAGE(method, path, act, flags, fn, title) {method, path, act, flags, fn, title},
#include "web/pages.def"
#undef PAGE
    {0},
};
