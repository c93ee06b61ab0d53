/* returns/describe.h - the files that are read, in words, from the tables themselves.
 *
 * docs/formats.md is this text; a test compares them. */
#pragma once
#include "returns/layout.h"
#include <stdio.h>

void returns_describe(FILE *f);
void returns_describe_layout(FILE *f, const struct layout *l); /* one of them */
const char *returns_type_name(enum field_type t); /* "whole number" */
