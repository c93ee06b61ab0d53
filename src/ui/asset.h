/* ui/asset.h - the style sheet and icon that the program carries (build/assets/). */
#pragma once
#include "base/embed.h"

/* The file of exactly that name, or NULL. */
const struct embedded *asset_find(const char *name);
/* Name with its hash of the one file "STEM-HASH.SUFFIX": asset_name("rooted", "css") is
 * "rooted-903d35af699a.css".  NULL when there is none. */
const char *asset_name(const char *stem, const char *suffix);
/* "text/css; charset=utf-8", "image/svg+xml", or NULL for a kind that is not served. */
const char *asset_type(const char *name);
