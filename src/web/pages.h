/* web/pages.h - the handler of every row of pages.def, declared. */
#pragma once
#include "web/page.h"

#define PAGE(method, path, act, flags, fn, title) page_fn fn;
#include "web/pages.def"
#undef PAGE
