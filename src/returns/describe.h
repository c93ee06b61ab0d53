/* returns/describe.h - the files that are read, in words, from the tables themselves.
 *
 * docs/formats.md is this text; a test compares them. */
#pragma once
#include <stdio.h>

void returns_describe(FILE *f);
