/* base/encoding.h - what a file's bytes are, and the same text as UTF-8.
 *
 * UTF-8 (with or without byte-order mark), UTF-16 with mark, else Windows-1252 when
 * every byte is one (formats.md §0).  Streams: never holds more than a block. */
#pragma once
#include "base/csv.h"
#include "base/text.h"

enum encoding { ENC_UTF8, ENC_UTF8_BOM, ENC_UTF16LE, ENC_UTF16BE, ENC_WINDOWS_1252, ENC_BINARY };

/* Judge from the whole file for UTF-8 against Windows-1252 (reads it once through, or
 * twice); ENC_BINARY when NUL bytes appear outside UTF-16, when UTF-16 has half a character,
 * or when it is a known binary kind. */
enum encoding encoding_of(const char *s, size_t n);
/* The same, telling how far the bytes have been looked at: those before `at` are done with
 * for now, and memory they hold may be given back.  passed may be NULL. */
typedef void encoding_passed(void *arg, size_t from, size_t at);
enum encoding encoding_judge(const char *s, size_t n, encoding_passed *passed, void *arg);
const char *encoding_name(enum encoding e); /* "Windows-1252" */
/* For a message about an ENC_BINARY file: "an Excel workbook or a zip file". */
const char *encoding_binary_name(const char *s, size_t n);
/* A csv_source that gives UTF-8 whatever came.  arg is a struct encoding_reader. */
struct encoding_reader {
    const char *s; /* the whole file in memory or mapped; must outlive the reader */
    size_t n, at;
    enum encoding from;
    char tail[4];
    size_t n_tail;
};
csv_source encoding_read;
/* The whole text as UTF-8 without mark: the input itself where nothing need change. */
struct span encoding_to_utf8(struct job *j, enum encoding e, const char *s, size_t n);
