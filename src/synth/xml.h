/* synth/xml.h - XML written line by line: elements with text, escaped. */
#pragma once
#include "base/date.h"
#include <stdio.h>

void xml_open(FILE *f, const char *element);
void xml_close(FILE *f, const char *element);
/* <element>text</element>; nothing when text is NULL or empty. */
void xml_text(FILE *f, const char *element, const char *text);
void xml_int(FILE *f, const char *element, int64_t v);
void xml_date(FILE *f, const char *element, int32_t date); /* nothing for DATE_NONE, DATE_OPEN */
